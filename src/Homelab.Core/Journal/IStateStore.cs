namespace Homelab;

/// <summary>All parts of the state in one file: what the gate writes down, what healing does, whether it may, that it lives, and what the clock has set off.</summary>
public interface IStateStore : IGateStore, IHealingStore, IHealingSwitch, IPulseStore, IScheduleStore, IAsyncDisposable;
