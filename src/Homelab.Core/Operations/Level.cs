namespace Homelab;

/// <summary>Who may at all. A caller of a level may do everything at or below it.</summary>
public enum Level
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Look: status, logs, usage, health.</summary>
    Monitor = 1,

    /// <summary>Monitor, and start, stop and restart.</summary>
    Operate = 2,

    /// <summary>Operate, and read configuration, volumes and networks.</summary>
    Configure = 3,

    /// <summary>Configure, and write configuration, create and remove, run commands.</summary>
    Manage = 4,
}
