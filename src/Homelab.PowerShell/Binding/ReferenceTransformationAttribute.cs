using System.Management.Automation;

namespace Homelab.PowerShell.Binding;

/// <summary>
/// Takes references from objects that are no models of ours, such as rows of a CSV file or answers of another module: what has a name and a host
/// names a thing on that host. Texts and models are left to the reference's own constructors.
/// </summary>
internal sealed class ReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // PowerShell's own words for a list would be "specified method is not supported".
        if (Argument.Unwrap(inputData) is object[] { Length: > 1 } several) throw new ArgumentTransformationMetadataException($"{several.Length} things are given where one is taken. Pipe them: 'gitea', 'redis' | Restart-HlContainer.");
        return inputData is PSObject { BaseObject: PSCustomObject } row && TextOf(row, "Name") is { } name && TextOf(row, "Host") is { } host ? $"{name}@{host}" : inputData;
    }

    private static string? TextOf(PSObject row, string property) => row.Properties[property]?.Value is { } value && Argument.Unwrap(value) is string { Length: > 0 } text ? text : null;
}
