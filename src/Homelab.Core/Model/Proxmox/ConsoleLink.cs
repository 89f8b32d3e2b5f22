namespace Homelab;

/// <summary>Where a browser shows a guest's console. The address holds no ticket: whoever opens it logs in to Proxmox.</summary>
public sealed record ConsoleLink
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>What kind of console it is.</summary>
    public required ConsoleKind Kind { get; init; }

    /// <summary>The address.</summary>
    public required string Url { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Url;
}

/// <summary>The kinds of consoles that a browser shows.</summary>
public enum ConsoleKind
{
    /// <summary>The screen, by noVNC.</summary>
    Screen,

    /// <summary>Text, by xterm.js. A virtual machine needs a serial port for it.</summary>
    Text,
}
