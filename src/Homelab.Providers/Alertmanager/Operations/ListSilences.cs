using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Alertmanager;

/// <summary>Lists the silences that hold or will hold.</summary>
/// <remarks>Alertmanager: <c>GET /api/v2/silences</c>. The command <c>amtool silence query</c>.</remarks>
[Operation("alertmanager_list_silences", Level.Monitor, Risk.Read)]
[Description("Lists the silences of Alertmanager that hold or will hold: which alerts, until when, by whom, why.")]
[Example("Get-HlSilence", "List every silence that is not over.")]
[Example("Get-HlSilence *gitea* | Remove-HlSilence", "End every silence in whose matchers or comment gitea stands.")]
public sealed class ListSilences : Query<ListSilences.Input, Silence>
{
    private readonly AlertmanagerClient? _client;

    internal ListSilences(AlertmanagerClient? client) => _client = client;

    /// <summary>What to list.</summary>
    public sealed record Input
    {
        /// <summary>A text in it.</summary>
        [Subject, Description("A text in a matcher or in the comment; * and ? stand for any text and any character. Every silence when not given.")]
        public string? Text { get; init; }

        /// <summary>Those that are over, too.</summary>
        [Description("List those that are over, too, as long as Alertmanager keeps them.")]
        public bool Expired { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<Silence> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await AlertmanagerErrors.Need(_client).ListSilencesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var silence in all.OrderBy(static s => s.EndsAt).ThenBy(static s => s.Id, StringComparer.Ordinal))
        {
            if (silence.State == SilenceState.Expired && !input.Expired) continue;
            if (input.Text is { } text && !silence.Matchers.Append(silence.Comment).Any(t => Wildcard.Matches(text, t))) continue;
            yield return silence;
        }
    }
}
