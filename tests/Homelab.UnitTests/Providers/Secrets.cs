namespace Homelab.UnitTests.Providers;

/// <summary>Secrets by the name of their reference: <c>env:NAME</c>.</summary>
internal sealed class Secrets(params (string Name, string Value)[] values) : ISecretSource
{
    public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in values)
        {
            if (name == reference.Name) return ValueTask.FromResult(new Secret(value));
        }

        throw new HomelabException(ErrorKind.NotFound, "SecretNotFound", $"There is no secret {reference}.", reference.ToString());
    }
}
