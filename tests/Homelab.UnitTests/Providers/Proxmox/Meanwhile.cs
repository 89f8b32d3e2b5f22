namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Says yes, after something has happened: between what was looked at for the decision, and what is done.</summary>
internal sealed class Meanwhile(Action happens) : IConfirmation
{
    /// <summary>How often it was asked.</summary>
    internal int Asked { get; private set; }

    public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken)
    {
        if (++Asked == 1) happens();
        return ValueTask.FromResult(true);
    }
}
