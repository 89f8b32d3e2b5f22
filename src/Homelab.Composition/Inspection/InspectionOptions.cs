namespace Homelab.Composition;

/// <summary>How a lab is looked at.</summary>
public sealed record InspectionOptions
{
    /// <summary>True to look at the files alone: no secret is opened, nobody is asked.</summary>
    public bool Offline { get; init; }

    /// <summary>In whose name services are looked at.</summary>
    public Caller Caller { get; init; } = new(Face.Interactive, Environment.UserName);

    /// <summary>What the lab is put together from. Its state is always one that is thrown away.</summary>
    public RuntimeOptions Runtime { get; init; } = new();
}
