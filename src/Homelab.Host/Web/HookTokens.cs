using Homelab.Composition;

namespace Homelab.Host.Web;

/// <summary>Looks whether the tokens of all hooks can be opened: a hook without one turns every alert away, and Kuma sends none twice.</summary>
internal static class HookTokens
{
    /// <summary>The hooks whose token is missing, each with its place in the lab file.</summary>
    internal static async Task<IReadOnlyList<ConfigurationProblem>> CheckAsync(HomelabRuntime runtime, CancellationToken cancellationToken)
    {
        var problems = new List<ConfigurationProblem>();
        foreach (var (name, hook) in runtime.File.Lab.Hooks)
        {
            try
            {
                await runtime.Secrets.ResolveAsync(hook.Token, cancellationToken);
            }
            catch (HomelabException e)
            {
                var path = $"hooks.{name}.token";
                problems.Add(new ConfigurationProblem(runtime.File.Source.Of(path), path, "cannot be opened", e.Message));
            }
        }

        return problems;
    }
}
