using System.ComponentModel;
using System.Management.Automation;
using Homelab.Composition;
using Homelab.Composition.Clients;
using Homelab.PowerShell.Hosting;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Writes what an AI client's configuration says of this lab's MCP server.</summary>
[Cmdlet(VerbsData.Export, "HlMcpConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string), typeof(FileInfo))]
[Description("Writes what the configuration of an AI client says of this lab's MCP server: as text, or into the client's file, where everything else stays as it is. Never a secret: the client finds it in a variable, or asks for it.")]
[Example("Export-HlMcpConfig -Client ClaudeDesktop", "Show the lines for claude_desktop_config.json.")]
[Example("Export-HlMcpConfig -Client ClaudeCode -Path .mcp.json", "Put the server into the file of a project, which Claude Code then starts.")]
[Example("New-HlApiKey vscode; Export-HlMcpConfig -Client VSCode -Transport Http -Key vscode -Path .vscode/mcp.json", "Let VS Code call the server that runs already, with a key that it asks for once.")]
public sealed class ExportHlMcpConfigCommand : LabCmdlet
{
    /// <summary>The client.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Description("The client: ClaudeDesktop, ClaudeCode, VSCode or OpenClaw.")]
    public ClientProgram Client { get; set; }

    /// <summary>How it speaks to the server.</summary>
    [Parameter]
    [Description("How it speaks to the server: Stdio, where the client starts it on this machine, or Http, where it runs already at mcp.url of the lab file. Stdio when not given.")]
    public McpTransport Transport { get; set; }

    /// <summary>The key.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("The API key that it shows over Http: its name, as Get-HlApiKey lists it, or its file. Without one it signs in by OAuth. The key itself is not written.")]
    public string? Key { get; set; }

    /// <summary>The server's name.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
    [Description("What the client calls the server. homelab when not given.")]
    public string Name { get; set; } = "homelab";

    /// <summary>The file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("The client's file to put it into. What was there before is kept beside it as .bak. Without it, the text is returned.")]
    public string? Path { get; set; }

    /// <summary>Replaces.</summary>
    [Parameter]
    [Description("Replaces an entry of the same name that says something else.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var entry = Transport is McpTransport.Http ? await CalledAsync(pipeline, cancellationToken).ConfigureAwait(false) : await StartedAsync(pipeline, cancellationToken).ConfigureAwait(false);
        if (Path is null)
        {
            await pipeline.WriteAsync(entry.Render()).ConfigureAwait(false);
            return;
        }

        var path = await pipeline.OnPipelineThreadAsync(() => GetUnresolvedProviderPathFromPSPath(Path)).ConfigureAwait(false);
        var file = await ClientFile.PlanAsync(path, entry, Force, cancellationToken).ConfigureAwait(false);
        if (file.Changes)
        {
            if (!await pipeline.ShouldProcessAsync(file.Path, $"Put the MCP server '{Name}' into it").ConfigureAwait(false)) return;
            await file.SaveAsync(cancellationToken).ConfigureAwait(false);
        }

        await pipeline.WriteAsync(new FileInfo(file.Path)).ConfigureAwait(false);
    }

    private async Task<ClientEntry> StartedAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        if (Key is not null) throw new InputException([new InputProblem(nameof(Key), null, "means nothing to a server that the client starts", "Leave it out, or give -Transport Http.")]);
        var lab = Lab.Place.Path ?? throw new HomelabException(ErrorKind.Invalid, "LabFileNeeded", "The lab is what environment variables of this session describe, and a client has others. Write it down with New-HlLab, and connect to that file.", Lab.Runtime.File.Lab.Name);
        var program = await HostProgram.FindAsync(ModuleFolder.Host, Environment.GetEnvironmentVariable, cancellationToken).ConfigureAwait(false);
        var secrets = SecretWalk.In(Lab.Runtime.File.Lab).Select(static s => s.Reference).ToLookup(static r => r.Scheme, static r => r.Name, StringComparer.Ordinal);
        var variables = secrets["env"].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToLookup(static v => Environment.GetEnvironmentVariable(v) is { Length: > 0 });
        var start = new ServerStart
        {
            Program = program.FileName,
            Arguments = program.Arguments,
            LabFile = lab,
            StateFile = Environment.GetEnvironmentVariable("HOMELAB_STATE") is { Length: > 0 } ? Lab.Runtime.StatePath : null,
            // One that is not set would keep some clients from reading their file at all.
            Variables = [.. variables[true]],
        };
        var entry = ClientEntries.Started(Client, Name, start);
        if (ClientEntries.Withheld(Client, start) is { Count: > 0 } withheld) pipeline.Warn($"{Client} does not pass these variables on, which secrets of {lab} are read from: {string.Join(", ", withheld)}. Put them into files, and write file:path in the lab file.");
        if (variables[false].Any()) pipeline.Warn($"Secrets of {lab} are read from variables that are not set here: {string.Join(", ", variables[false])}. Where the client has them not either, what they are for will not work.");
        if (secrets["vault"].Any()) pipeline.Warn($"Secrets of {lab} lie in a vault of PowerShell, which a server that the client starts cannot open. Put them into files, and write file:path in the lab file.");
        return entry;
    }

    private async Task<ClientEntry> CalledAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var entry = ClientEntries.Called(Client, Name, ClientEntries.AddressOf(Lab.Runtime.File.Lab), Key is not null);
        if (Key is null) return entry;
        var place = await FindKeyAsync(pipeline, cancellationToken).ConfigureAwait(false);
        var variable = ClientEntries.VariableOf(Name);
        if (Client is ClientProgram.VSCode) pipeline.Warn($"VS Code asks for the key when it first starts the server: it is in {place}.");
        else if (Environment.GetEnvironmentVariable(variable) is null or "") pipeline.Warn($"{Client} takes the key from the variable {variable} of its own environment; set it before it starts. The key is in {place}.");
        return entry;
    }

    // Where the key is. That it opens the door is known by its name, or seen by its hash.
    private async Task<string> FindKeyAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var store = Lab.Runtime.Access.Store;
        var now = Lab.Runtime.Time.GetUtcNow();
        if ((await store.ListKeysAsync(cancellationToken).ConfigureAwait(false)).Any(k => k.Name == Key && k.Holds(now)))
        {
            var usual = System.IO.Path.Combine(Lab.Runtime.File.BasePath, "keys", $"{Key}.key");
            return File.Exists(usual) ? usual : "the file that New-HlApiKey wrote";
        }

        var file = await pipeline.OnPipelineThreadAsync(() => GetUnresolvedProviderPathFromPSPath(Key!)).ConfigureAwait(false);
        if (!File.Exists(file)) throw new HomelabException(ErrorKind.NotFound, "KeyNotFound", $"There is neither an API key '{ForeignText.Clean(Key!, 80)}' that holds nor such a file. Get-HlApiKey lists them, New-HlApiKey makes one.", Key);
        var text = (await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).Trim();
        return await store.FindKeyAsync(CredentialSecret.HashOf(text), cancellationToken).ConfigureAwait(false) is { } known && known.Holds(now)
            ? file
            : throw new HomelabException(ErrorKind.NotFound, "KeyNotFound", $"What lies in {file} is no API key of this lab that holds. Get-HlApiKey lists them, New-HlApiKey makes one.", file);
    }
}
