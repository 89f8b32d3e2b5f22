using System.Management.Automation;

namespace Homelab.PowerShell.Binding;

/// <summary>Takes sizes as people write them: <c>4GiB</c>, <c>512MB</c>, or a number of bytes.</summary>
internal sealed class BytesTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Argument.Unwrap(inputData) switch
    {
        string text when ByteSize.TryParse(text, out var bytes) => bytes,
        string text => throw new ArgumentTransformationMetadataException($"'{text}' is no size. Write it such as 512MiB or 4GiB, or as a whole number of bytes."),
        _ => inputData,
    };
}
