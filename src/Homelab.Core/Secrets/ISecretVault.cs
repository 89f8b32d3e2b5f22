namespace Homelab;

/// <summary>Opens <c>vault:</c> references. Only a process that was given one has it: PowerShell's SecretManagement, or what a parent process handed over.</summary>
public interface ISecretVault
{
    /// <summary>The text behind a reference, or null when the vault holds nothing of that name.</summary>
    /// <param name="reference">A reference whose scheme is <c>vault</c>; <see cref="SecretReference.Entry"/> says which vault and which entry.</param>
    /// <param name="cancellationToken">Ends the wait: a vault may ask a person to unlock it.</param>
    /// <exception cref="HomelabException">The vault cannot be asked; the message never holds a value.</exception>
    ValueTask<string?> OpenAsync(SecretReference reference, CancellationToken cancellationToken);
}
