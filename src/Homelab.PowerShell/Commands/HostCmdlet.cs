using System.Text.Json;
using Homelab.Composition;
using Homelab.PowerShell.Hosting;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Runs the program <c>homelab serve</c> for the lab, and writes its events as objects until Ctrl+C, which ends it in good order.</summary>
public abstract class HostCmdlet : LabCmdlet
{
    private protected HostCmdlet()
    {
    }

    /// <summary>The part of it that is wanted: <c>listener</c> or <c>schedule</c>.</summary>
    private protected abstract string Part { get; }

    /// <inheritdoc/>
    private protected sealed override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var program = await HostProgram.FindAsync(ModuleFolder.Host, Environment.GetEnvironmentVariable, cancellationToken).ConfigureAwait(false);
        var folder = await pipeline.OnPipelineThreadAsync(() => Folder).ConfigureAwait(false);
        string[] arguments = Lab.Place.Path is { } path ? ["serve", "--attached", "--only", Part, "--lab", path] : ["serve", "--attached", "--only", Part];
        // A lab without a file has its state where ours is, not where the program is started.
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOMELAB_STATE"] = Lab.Runtime.StatePath };
        var host = await HostProcess.StartAsync(program, arguments, folder, await SecretsAsync(cancellationToken).ConfigureAwait(false), variables).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            await foreach (var line in host.ReadLinesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (HomelabEvent.TryParse(line, out var happened)) await pipeline.WriteAsync(happened).ConfigureAwait(false);
                else pipeline.Verbose(line);
            }
        }
    }

    // The program has no PowerShell: what lies in a vault is opened here and handed over by a pipe that nobody else reads.
    private async Task<string> SecretsAsync(CancellationToken cancellationToken)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, reference) in SecretWalk.In(Lab.Runtime.File.Lab).Where(static s => s.Reference.Scheme == "vault"))
        {
            secrets[reference.ToString()] = (await Lab.Runtime.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false)).Reveal();
        }

        return JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal) { ["secrets"] = secrets });
    }
}
