namespace Homelab;

/// <summary>Both halves of the state in one file: what the gate writes down and what healing does.</summary>
public interface IStateStore : IGateStore, IHealingStore, IAsyncDisposable;
