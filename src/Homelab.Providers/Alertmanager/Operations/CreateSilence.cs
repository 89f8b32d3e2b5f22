using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Alertmanager;

/// <summary>Silences alerts for a time that ends by itself.</summary>
/// <remarks>Alertmanager: <c>POST /api/v2/silences</c>, then <c>GET /api/v2/silence/{id}</c>. The command <c>amtool silence add</c>.</remarks>
[Operation("alertmanager_create_silence", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Patience = "1m")]
[Description("Silences the alerts of Alertmanager that match, for a time that ends by itself: nobody is told of them.")]
[Example("New-HlSilence service=gitea -For 30m -Comment 'Gitea is updated.'", "Half an hour in which nobody is told about one service.")]
[Example("New-HlSilence 'alertname=~\"Node.*\"', 'host=dev' -For 2h -Comment 'Kernel.'", "Two conditions, both of which must match.")]
public sealed class CreateSilence : Change<CreateSilence.Input, Silence>
{
    private readonly AlertmanagerClient? _client;

    internal CreateSilence(AlertmanagerClient? client) => _client = client;

    /// <summary>What to silence.</summary>
    public sealed record Input
    {
        /// <summary>Which alerts.</summary>
        [Subject, Description("Which alerts, by their labels; all must match: service=gitea, severity!=info, alertname=~\"Node.*\".")]
        public required IReadOnlyList<string> Matcher { get; init; }

        /// <summary>How long.</summary>
        [Description("How long it holds, from now on."), DurationRange("1m", "30d")]
        public TimeSpan For { get; init; } = TimeSpan.FromHours(1);

        /// <summary>Why.</summary>
        [Description("Why, for whoever sees it there."), StringLength(500, MinimumLength = 1)]
        public string Comment { get; init; } = "Made by homelab.";
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent($"Silence alerts for {Duration.Format(input.For)} that match", new Target("silence", string.Join(", ", input.Matcher)));
    }

    /// <inheritdoc/>
    protected override Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        AlertmanagerErrors.Need(_client);
        if (input.Matcher.Count == 0) throw new InputException([new InputProblem("matcher", "", "is empty", "Write label=value.")]);
        var read = Read(input);
        // Written into the comment, it tells the silence from every other when its answer was lost.
        var mark = $"hl-{Guid.NewGuid().ToString("N")[..12]}";
        return Task.FromResult(new Prepared<Input>(input with { Matcher = [.. read.Select(static m => m.ToString())] }, mark));
    }

    /// <inheritdoc/>
    protected override async Task<Silence> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var client = AlertmanagerErrors.Need(_client);
        var now = context.Time.GetUtcNow();
        var id = await client.CreateSilenceAsync(Read(input), now, now + input.For, $"homelab ({context.Caller})", $"{input.Comment} [{context.Mark}]", cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var silence = await client.FindSilenceAsync(id, cancellationToken).ConfigureAwait(false);
        return silence is { State: SilenceState.Active }
            ? silence
            : throw new HomelabException(ErrorKind.Failed, "SilenceNotActive", $"Alertmanager took silence {id}, and it {(silence is null ? "is not there" : $"is {silence.State}")}. Look whether its clock goes right.", id.ToString());
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null) return Settlement.Unknown;
        var all = await AlertmanagerErrors.Need(_client).ListSilencesAsync(cancellationToken).ConfigureAwait(false);
        return all.Any(s => s.Comment.Contains($"[{mark}]", StringComparison.Ordinal)) ? Settlement.Happened : Settlement.DidNotHappen;
    }

    private static IReadOnlyList<SilenceMatcher> Read(Input input)
    {
        var read = input.Matcher.Select(static m => (Text: m, Matcher: SilenceMatcher.Read(m))).ToArray();
        var wrong = read.Where(static m => m.Matcher is null).Select(static m => new InputProblem("matcher", m.Text, "is no condition on a label", "Write label=value, label!=value, label=~\"pattern\" or label!~\"pattern\".")).ToArray();
        return wrong.Length == 0 ? [.. read.Select(static m => m.Matcher!)] : throw new InputException(wrong);
    }
}
