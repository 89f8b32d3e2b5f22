namespace Homelab;

/// <summary>All parts of the state in one file: what the gate writes down, what healing does, whether it may, that it lives, what the clock has set off, and what people are asked.</summary>
public interface IStateStore : IGateStore, IHealingStore, IHealingSwitch, IPulseStore, IScheduleStore, IApprovalStore, IAsyncDisposable
{
    /// <summary>Who may come in by the doors of this program.</summary>
    ICredentialStore Credentials { get; }
}
