using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Puts a notice on a status page, in place of the one that was pinned there.</summary>
/// <remarks>Uptime Kuma: <c>postIncident</c> over Socket.IO, whose answer is what was stored. The page itself is cached for five minutes.</remarks>
[Operation("kuma_post_incident", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Patience = "1m")]
[Description("Puts a notice on a status page of Uptime Kuma. People see it there within five minutes, until somebody takes it off.")]
[Example("Publish-HlStatusIncident home -Title 'Storage is moved' -Content 'Files are read-only until noon.'", "Tell everybody who looks at the page home.")]
[Example("Publish-HlStatusIncident home 'Mail is down' 'We are on it.' -Style Danger", "The same by position, in red.")]
public sealed class PublishIncident : Change<PublishIncident.Input, StatusIncident>
{
    private readonly KumaLink? _link;

    internal PublishIncident(KumaLink? link) => _link = link;

    /// <summary>What to publish.</summary>
    public sealed record Input
    {
        /// <summary>The page.</summary>
        [Subject, Description("The status page, by the last part of its address: home for /status/home."), RegularExpression("[A-Za-z0-9-]{1,255}")]
        public required string Page { get; init; }

        /// <summary>The headline.</summary>
        [Description("The headline."), StringLength(255, MinimumLength = 1)]
        public required string Title { get; init; }

        /// <summary>The text.</summary>
        [Description("The text; Markdown is shown as such."), StringLength(10_000, MinimumLength = 1)]
        public required string Content { get; init; }

        /// <summary>How urgent it looks.</summary>
        [Description("How urgent it looks: info, warning, danger, primary, light or dark.")]
        public StatusIncidentStyle Style { get; init; } = StatusIncidentStyle.Warning;
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent($"Publish '{ForeignText.Clean(input.Title, 80)}' on status page", new Target("statusPage", input.Page));
    }

    /// <inheritdoc/>
    protected override async Task<StatusIncident> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var incident = new { title = input.Title, content = input.Content, style = HomelabNames.Of(input.Style) };
        var answer = await KumaErrors.Need(_link).AskAsync("postIncident", $"a notice on status page '{input.Page}'", acts: true, [input.Page, incident], cancellationToken).ConfigureAwait(false);
        context.SayActed();
        if (!answer.TryGetProperty("incident", out var stored) || !stored.TryGetProperty("id", out var id) || !id.TryGetInt64(out var number) || Text(stored, "title") != input.Title || Text(stored, "content") != input.Content)
        {
            throw new HomelabException(ErrorKind.Failed, "KumaAnswerOdd", $"Uptime Kuma said yes to a notice on status page '{input.Page}', and did not show it as it was to be. Look at the page.", input.Page);
        }

        return new StatusIncident
        {
            Id = number.ToString(CultureInfo.InvariantCulture),
            Page = input.Page,
            Title = input.Title,
            Content = input.Content,
            Style = input.Style,
            CreatedAt = DateTimeOffset.TryParse(Text(stored, "createdDate"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null,
        };
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
