using System.Management.Automation;

namespace Homelab.PowerShell.Binding;

/// <summary>Takes durations as people write them: <c>30s</c>, <c>1h30m</c>.</summary>
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Argument.Unwrap(inputData) switch
    {
        string text when Duration.TryParse(text, out var duration) => duration,
        string text => throw new ArgumentTransformationMetadataException($"'{text}' is no duration. Write it with its unit, such as 500ms, 30s, 5m or 1h30m."),
        // PowerShell would take a bare number for ticks, of a ten-millionth of a second each, which nobody means.
        int or long or double or decimal => throw new ArgumentTransformationMetadataException($"{inputData} is a number without a unit. Write {inputData}s, {inputData}m or {inputData}h."),
        _ => inputData,
    };
}
