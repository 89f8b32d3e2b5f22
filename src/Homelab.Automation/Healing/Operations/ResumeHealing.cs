using System.ComponentModel;

namespace Homelab.Automation.Healing;

/// <summary>Lets healing act again.</summary>
[Operation("heal_resume", Level.Manage, Risk.Change, Unattended = Requirement.Ask, Idempotent = true)]
[Description("Resumes healing after it was suspended. Incidents that waited are looked at first, and go on where it is still needed.")]
[Example("Resume-HlHealing", "Let healing act again.")]
[Example("Resume-HlHealing -Confirm", "Ask once more before incidents that waited go on.")]
public sealed class ResumeHealing(HealingSwitch healing) : Change<ResumeHealing.Input, HealingState>
{
    /// <summary>Nothing is asked for.</summary>
    public sealed record Input;

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Resume", HealingSwitch.Target);

    /// <inheritdoc/>
    protected override async Task<HealingState> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        await healing.Brake.SetSuspensionAsync(suspension: null, cancellationToken).ConfigureAwait(false);
        return await healing.ReadAsync(context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        (await healing.ReadAsync(context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false)).IsSuspended ? Settlement.DidNotHappen : Settlement.Happened;
}
