using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Automation.Healing;

/// <summary>Tells whether healing may act, or who suspended it and until when.</summary>
[Operation("heal_state", Level.Monitor, Risk.Read)]
[Description("Tells whether healing may act: who suspended it, why and until when, and how many incidents are open.")]
[Example("Get-HlHealing", "Tell whether healing is suspended.")]
[Example("if ((Get-HlHealing).IsSuspended) { Resume-HlHealing }", "Let healing act again where it is suspended.")]
public sealed class ReadHealing(HealingSwitch healing) : Query<ReadHealing.Input, HealingState>
{
    /// <summary>Nothing is asked for.</summary>
    public sealed record Input;

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Look at the switch of", HealingSwitch.Target);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HealingState> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await healing.ReadAsync(context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
    }
}
