using System.Management.Automation;

namespace Homelab.PowerShell.Binding;

/// <summary>Takes a reference to a secret. What is none may be the secret itself, which PowerShell would repeat in its error.</summary>
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Argument.Unwrap(inputData) switch
    {
        SecretReference reference => reference,
        string text when SecretReference.TryParse(text, provider: null, out var reference) => reference,
        _ => throw new ArgumentTransformationMetadataException("A secret is given by a reference, never itself: env:NAME, file:path or vault:name."),
    };
}
