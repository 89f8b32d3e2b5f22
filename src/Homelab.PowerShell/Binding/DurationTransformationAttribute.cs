using System.Management.Automation;

namespace Homelab.PowerShell.Binding;

/// <summary>Takes durations as people write them: <c>30s</c>, <c>1h30m</c>.</summary>
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var given = Argument.Unwrap(inputData);
        if (given is not string && !IsNumber(given)) return inputData;
        // PowerShell reads 30s and 1d as numbers, by its suffixes for short and decimal. As an argument they keep what was typed, in the wrapping.
        if (Duration.TryParse(given is string text ? text : inputData.ToString(), out var duration)) return duration;
        throw new ArgumentTransformationMetadataException(
            given is string
                ? $"'{given}' is no duration. Write it with its unit, such as 500ms, 30s, 5m or 1h30m."
                : $"{given} is a number without a unit. Write {given}s, {given}m or {given}h; in a variable or a hashtable with quotes, '{given}s', as PowerShell reads {given}s as a number there.");
    }

    // It would take them for ticks, of a ten-millionth of a second each, which nobody means.
    private static bool IsNumber(object given) => Type.GetTypeCode(given.GetType()) is >= TypeCode.SByte and <= TypeCode.Decimal;
}
