using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Alertmanager;

/// <summary>Ends a silence at once. One that is over stays so.</summary>
/// <remarks>Alertmanager: <c>DELETE /api/v2/silence/{id}</c>, then <c>GET</c> of the same. The command <c>amtool silence expire</c>.</remarks>
[Operation("alertmanager_expire_silence", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Idempotent = true, Patience = "1m")]
[Description("Ends a silence of Alertmanager at once: people are told of its alerts again. One that is over stays over.")]
[Example("Remove-HlSilence 46ec40fd-dd30-4fa1-bd8e-14feef1724b8", "End one silence.")]
[Example("Get-HlSilence *gitea* | Remove-HlSilence -PassThru", "End all that concern gitea, and show them as they were seen afterwards.")]
public sealed class ExpireSilence : Change<ExpireSilence.Input, Silence>
{
    private readonly AlertmanagerClient? _client;

    internal ExpireSilence(AlertmanagerClient? client) => _client = client;

    /// <summary>What to end.</summary>
    public sealed record Input
    {
        /// <summary>The silence.</summary>
        [Subject, Description("The silence's id, as it is listed."), RegularExpression("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")]
        public required string Id { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("End silence", new Target("silence", input.Id));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var silence = await FindAsync(input, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input with { Id = silence.Id }, silence.State.ToString()) { Aliases = silence.Matchers };
    }

    /// <inheritdoc/>
    protected override async Task<Silence> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var before = await FindAsync(input, cancellationToken).ConfigureAwait(false);
        if (before.State == SilenceState.Expired) return before;
        await AlertmanagerErrors.Need(_client).ExpireSilenceAsync(Guid.Parse(input.Id), cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var after = await FindAsync(input, cancellationToken).ConfigureAwait(false);
        return after.State == SilenceState.Expired ? after : throw new HomelabException(ErrorKind.Failed, "SilenceNotExpired", $"Alertmanager said that silence {input.Id} is over, and it is {after.State}. Look at it there.", input.Id);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        await AlertmanagerErrors.Need(_client).FindSilenceAsync(Guid.Parse(input.Id), cancellationToken).ConfigureAwait(false) is null or { State: SilenceState.Expired } ? Settlement.Happened : Settlement.DidNotHappen;

    private async Task<Silence> FindAsync(Input input, CancellationToken cancellationToken) =>
        await AlertmanagerErrors.Need(_client).FindSilenceAsync(Guid.Parse(input.Id), cancellationToken).ConfigureAwait(false)
        ?? throw new HomelabException(ErrorKind.NotFound, "SilenceNotFound", $"Alertmanager has no silence {input.Id}. Run Get-HlSilence to list them; it keeps those that are over for some days.", input.Id);
}
