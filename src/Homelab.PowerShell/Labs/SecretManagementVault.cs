using System.Management.Automation;

namespace Homelab.PowerShell.Labs;

/// <summary>Opens <c>vault:</c> references through the module Microsoft.PowerShell.SecretManagement, where it is installed.</summary>
/// <remarks><c>vault:name</c> asks every registered vault, <c>vault:Vault/name</c> one.</remarks>
internal sealed class SecretManagementVault : ISecretVault
{
    private const string Module = "Microsoft.PowerShell.SecretManagement";

    /// <inheritdoc/>
    /// <exception cref="HomelabException"><c>VaultNotAvailable</c>, <c>SecretNotReadable</c> (Unavailable).</exception>
    public async ValueTask<string?> OpenAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        // On the pipeline thread a vault can ask for its password, as people expect it to.
        if (CallScope.Current is { } pipeline) return await pipeline.OnPipelineThreadAsync(() => Open(reference, RunspaceMode.CurrentRunspace)).ConfigureAwait(false);
        return Open(reference, RunspaceMode.NewRunspace);
    }

    private static string? Open(SecretReference reference, RunspaceMode mode)
    {
        var (vault, name) = reference.Entry;
        using var shell = System.Management.Automation.PowerShell.Create(mode);
        shell.AddCommand($"{Module}\\Get-Secret").AddParameter("Name", name).AddParameter("AsPlainText").AddParameter("ErrorAction", "Stop");
        if (vault is not null) shell.AddParameter("Vault", vault);
        try
        {
            return shell.Invoke() is [{ BaseObject: string secret }] ? secret : throw NotReadable(reference, "it is no text. Store it as a text or a secure string", null);
        }
        catch (CommandNotFoundException e)
        {
            throw new HomelabException(
                ErrorKind.Unavailable,
                "VaultNotAvailable",
                $"The secret {reference} cannot be opened: the module {Module} is not installed. Install it (Install-PSResource {Module}) and register a vault, or use env: or file:.",
                reference.ToString(),
                e);
        }
        catch (RuntimeException e) when (e.ErrorRecord.FullyQualifiedErrorId.Contains("GetSecretNotFound", StringComparison.Ordinal))
        {
            return null;
        }
        catch (RuntimeException e)
        {
            throw NotReadable(reference, e.Message.TrimEnd('.') + ". Try Get-Secret yourself", e);
        }
    }

    private static HomelabException NotReadable(SecretReference reference, string why, Exception? cause) =>
        new(ErrorKind.Unavailable, "SecretNotReadable", $"The secret {reference} cannot be opened: {why}.", reference.ToString(), cause);
}
