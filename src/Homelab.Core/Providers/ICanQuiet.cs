namespace Homelab;

/// <summary>Settings of a monitoring system that may be kept quiet while something is healed. Implemented explicitly, so that it is no setting itself.</summary>
public interface ICanQuiet
{
    /// <summary>True when they hold what that needs: then it is done unless the lab file says otherwise.</summary>
    bool CanQuiet { get; }
}
