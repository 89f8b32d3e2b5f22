namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>Something that is not as it was recorded.</summary>
/// <param name="At">Where in the answer: <c>status</c>, <c>header Server</c>, or a path in the body such as <c>data.scsi0</c> or <c>data[key=name].value</c>.</param>
/// <param name="What">What was recorded, and what came.</param>
public sealed record Discrepancy(string At, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{At}: {What}";
}
