namespace Homelab;

/// <summary>Opens secret references.</summary>
public interface ISecretSource
{
    /// <summary>Reads the secret behind a reference, each time anew, so that a rotated secret works without a restart.</summary>
    /// <exception cref="HomelabException"><c>SecretNotFound</c> (NotFound): nothing is there; the message names the reference, never a value.</exception>
    ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken);
}
