namespace Homelab.Providers.Docker;

/// <summary>Where a stack is: never what a caller said, but the lab file or the labels that compose gives its containers.</summary>
/// <param name="Name">The stack.</param>
/// <param name="Host">The host as the lab file names it.</param>
/// <param name="Folder">Its folder there.</param>
internal sealed record StackPlace(string Name, string Host, string Folder)
{
    /// <summary>The folder that it must lie in, wherever links lead; null where the lab file names it itself.</summary>
    internal string? Root { get; init; }

    /// <summary>The project that its containers say they are of; null where the lab file told of it.</summary>
    internal string? Project { get; init; }

    /// <summary>As a target of the gate.</summary>
    internal Target Target => new("stack", Name, Host);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Host}";
}
