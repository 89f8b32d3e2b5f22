using System.Text.RegularExpressions;
using Homelab.Composition;
using Homelab.Host.Web.Access.OAuth;

namespace Homelab.Host.Web;

/// <summary>
/// Looks whether the tokens by which others are let in can be opened: a hook without one turns every alert away, and Kuma sends none twice; a client without one stays outside.
/// And whether OAuth clients could come in at all by what the lab file says of them.
/// </summary>
internal static partial class DoorTokens
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

        foreach (var (id, client) in lab.Mcp.Clients)
        {
            var path = $"mcp.clients.{id}";
            if (client.Secret is { } secret) await OpenAsync($"{path}.secret", secret);
            CheckClient(path, id, client);
        }

        return problems;

        void CheckClient(string path, string id, OAuthClientDefinition client)
        {
            if (!IdPattern().IsMatch(id) || id.StartsWith(ClientRegistration.Prefix, StringComparison.Ordinal)) Add(path, "is no id of a client", $"Use letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit, and not with {ClientRegistration.Prefix}.");
            if (client.Secret is null && client.Redirects.Count == 0) Add(path, "can never come in", "Give it a secret (client credentials), or redirects (authorization code), or both.");
            foreach (var redirect in client.Redirects)
            {
                if (RedirectAddress.WhyNot(redirect) is { } why) Add($"{path}.redirects", $"'{ForeignText.Clean(redirect, 100)}' {why}", "Give addresses as the client's maker tells them: https://claude.ai/api/mcp/auth_callback.");
            }

            try
            {
                OperationScope.Of(client.Operations);
            }
            catch (HomelabException e)
            {
                Add($"{path}.operations", "holds no name of an operation", e.Message);
            }
        }

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

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern();
}
