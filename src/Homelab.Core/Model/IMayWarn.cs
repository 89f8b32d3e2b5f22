namespace Homelab;

/// <summary>The result of a change that was done, and of which there is something to be told that its caller should act on.</summary>
public interface IMayWarn
{
    /// <summary>What to know, and what to do about it; null when there is nothing.</summary>
    string? Warning { get; }
}
