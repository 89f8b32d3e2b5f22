using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Automation.Healing;

/// <summary>Pulls the big red switch: nothing that an alert or the clock sets off interrupts anything, until somebody resumes healing. It survives restarts, and holds for every process of the lab.</summary>
[Operation("heal_suspend", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Idempotent = true)]
[Description("Suspends healing: alerts are still taken in and incidents wait, but nothing is done by itself, in no process of the lab, until healing is resumed.")]
[Example("Suspend-HlHealing 'Moving the rack'", "Let nothing be healed until Resume-HlHealing.")]
[Example("Suspend-HlHealing 'Firmware update' -For 2h", "Let nothing be healed for two hours.")]
public sealed class SuspendHealing(HealingSwitch healing) : Change<SuspendHealing.Input, HealingState>
{
    /// <summary>Why, and for how long.</summary>
    public sealed record Input
    {
        /// <summary>Why.</summary>
        [Subject, StringLength(500), Description("Why, for whoever finds healing suspended.")]
        public string Reason { get; init; } = "";

        /// <summary>For how long.</summary>
        [Description("How long; then it ends by itself. Until somebody resumes it when not given."), DurationRange("1s", "365d")]
        public TimeSpan? For { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Suspend", HealingSwitch.Target);

    /// <inheritdoc/>
    protected override async Task<HealingState> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        await healing.Brake.SetSuspensionAsync(new Suspension(context.Caller.ToString(), input.Reason, now, now + input.For), cancellationToken).ConfigureAwait(false);
        return await healing.ReadAsync(now, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        (await healing.ReadAsync(context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false)).IsSuspended ? Settlement.Happened : Settlement.DidNotHappen;
}
