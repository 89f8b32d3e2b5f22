using System.ComponentModel;
using System.Management.Automation;
using Homelab.Composition.Clients;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Writes skills: what an AI client should know before it uses the tools of this lab.</summary>
[Cmdlet(VerbsData.Export, "HlSkill", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
[Description("Writes skills for an AI client, each a folder with a SKILL.md: which tools of this lab there are, which need a person, in which order to look and act, what never to do, and the lab's hosts and services. One that was edited by hand is not overwritten.")]
[Example("Export-HlSkill ~/.openclaw/skills", "Write all skills for OpenClaw.")]
[Example("Export-HlSkill .claude/skills -Client Claude -Name docker-control, network-diagnostics", "Write two skills for Claude into a project.")]
[Example("Export-HlSkill ./skills -NoAddress -WhatIf", "Show what would be written, for a repository that others can read.")]
public sealed class ExportHlSkillCommand : LabCmdlet
{
    /// <summary>The folder.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Description("The folder of all skills; it is made where it is not there.")]
    public string Path { get; set; } = "";

    /// <summary>Which ones.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SkillNameCompleter))]
    [Description("Which skills: docker-control, n8n-workflows, network-diagnostics, proxmox-control, uptime-kuma. All when not given.")]
    public string[]? Name { get; set; }

    /// <summary>Who reads them.</summary>
    [Parameter]
    [Description("Who reads them: OpenClaw or Claude. OpenClaw when not given.")]
    public SkillClient Client { get; set; }

    /// <summary>The server's name.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
    [Description("What the client calls the MCP server, as in Export-HlMcpConfig -Name. homelab when not given.")]
    public string Server { get; set; } = "homelab";

    /// <summary>As whom the client comes in.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    [Description("As whom the client comes in: the name of its key, or what Export-HlMcpConfig gives it. openclaw or claude-code when not given.")]
    public string? Identity { get; set; }

    /// <summary>Without addresses.</summary>
    [Parameter]
    [Alias("NoAddresses")]
    [Description("Leaves out the addresses of hosts and services.")]
    public SwitchParameter NoAddress { get; set; }

    /// <summary>Overwrites.</summary>
    [Parameter]
    [Description("Replaces files that were edited by hand.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var folder = await pipeline.OnPipelineThreadAsync(() => GetUnresolvedProviderPathFromPSPath(Path)).ConfigureAwait(false);
        var book = new SkillBook(Lab.Runtime.File.Lab, Lab.Runtime.Catalog, Lab.Runtime.Gate.Decider, showsAddresses: !NoAddress);
        var identity = Identity ?? ClientEntries.IdentityOf(Client is SkillClient.OpenClaw ? ClientProgram.OpenClaw : ClientProgram.ClaudeCode);
        foreach (var name in Name ?? SkillBook.Names)
        {
            try
            {
                await WriteAsync(pipeline, await SkillFile.PlanAsync(folder, name, book.Write(name, Client, Server, identity), Force, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            }
            catch (HomelabException e)
            {
                // The others can still be written.
                await pipeline.WriteErrorAsync(e).ConfigureAwait(false);
            }
        }
    }

    private static async Task WriteAsync(CmdletPipeline pipeline, SkillFile file, CancellationToken cancellationToken)
    {
        if (file.Changes)
        {
            if (!await pipeline.ShouldProcessAsync(file.Path, "Write the skill").ConfigureAwait(false)) return;
            await file.SaveAsync(cancellationToken).ConfigureAwait(false);
        }

        await pipeline.WriteAsync(new FileInfo(file.Path)).ConfigureAwait(false);
    }
}
