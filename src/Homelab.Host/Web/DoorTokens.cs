using Homelab.Composition;

namespace Homelab.Host.Web;

/// <summary>
/// Looks whether the tokens by which others are let in can be opened: a hook without one turns every alert away, and Kuma sends none twice; a client without one stays outside.
/// </summary>
internal static class DoorTokens
{
    /// <summary>The hooks and clients whose token is missing, and clients that could be taken for one another, each with its place in the lab file.</summary>
    internal static async Task<IReadOnlyList<ConfigurationProblem>> CheckAsync(HomelabRuntime runtime, CancellationToken cancellationToken)
    {
        var problems = new List<ConfigurationProblem>();
        var lab = runtime.File.Lab;
        foreach (var (name, hook) in lab.Hooks) await OpenAsync($"hooks.{name}.token", hook.Token);

        var clients = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, client) in lab.Rest)
        {
            var path = $"rest.{name}.token";
            if (await OpenAsync(path, client.Token) is not { } token || clients.TryAdd(token.Reveal(), name)) continue;
            Add(path, $"opens the same token as rest.{clients[token.Reveal()]}", "A client is known by its token alone: give each one of its own.");
        }

        return problems;

        async Task<Secret?> OpenAsync(string path, SecretReference reference)
        {
            try
            {
                return await runtime.Secrets.ResolveAsync(reference, cancellationToken);
            }
            catch (HomelabException e)
            {
                Add(path, "cannot be opened", e.Message);
                return null;
            }
        }

        void Add(string path, string reason, string wayOut) => problems.Add(new ConfigurationProblem(runtime.File.Source.Of(path), path, reason, wayOut));
    }
}
