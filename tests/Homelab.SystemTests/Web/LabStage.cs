using System.Text.RegularExpressions;
using Homelab.Lab;
using Homelab.Tests;

namespace Homelab.SystemTests.Web;

/// <summary>A simulated homelab, and a folder with its lab file, its secrets as files and the shipped runbook with a shorter breath.</summary>
internal sealed partial class LabStage : IAsyncDisposable
{
    // 4711, the simulated chat, could be part of any port or hash: a search for it would find what is not there.
    internal const string Chat = "-1002718281828459";

    private readonly DirectoryInfo _folder;

    private LabStage(DirectoryInfo folder, SimulatedHomelab homelab)
    {
        _folder = folder;
        Homelab = homelab;
        Environment = new Dictionary<string, string>(homelab.Tokens.Environment, StringComparer.Ordinal) { [SimulatedTokens.ChatVariable] = Chat };
    }

    internal SimulatedHomelab Homelab { get; }

    internal string Folder => _folder.FullName;

    internal string LabFile => Path.Combine(Folder, "homelab.yaml");

    internal string StateFile => Path.Combine(Folder, "homelab.db");

    /// <summary>What a child process needs to open the secrets.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Everything that must never be printed or kept.</summary>
    internal string[] Secrets => [.. Environment.Values];

    internal static async Task<LabStage> OpenAsync(CancellationToken cancellationToken, Func<string, string>? edit = null)
    {
        var stage = new LabStage(Directory.CreateTempSubdirectory("hl-web-"), await SimulatedHomelab.StartAsync(cancellationToken));
        // What is down here refuses at once; whatever takes long is the machine.
        var lab = LimitPattern().Replace(stage.Homelab.LabFile().Replace("server: {", "server: { runbooks: [ runbooks ],", StringComparison.Ordinal), "timeout: 1m");
        stage.Write("homelab.yaml", edit is null ? lab : edit(lab));
        stage.WriteRunbook("container-crash-recovery", "restart", "docker_restart_container");
        // What becomes healthy later would not be well at a first look.
        await Eventually.HoldsAsync("every container is healthy", () => Task.FromResult(stage.Homelab.Engines.Values.SelectMany(static e => e.Containers).All(static c => c.Health != ContainerHealth.Starting)), cancellationToken);
        foreach (var service in HomelabPlan.Services) await stage.Homelab.Kuma.CheckNowAsync(service.Monitor, cancellationToken);
        return stage;
    }

    /// <summary>Secrets as files: tests of one process share its environment, but not their folders.</summary>
    internal static string SecretsAsFiles(string lab) => lab.Replace("\"env:", "\"file:", StringComparison.Ordinal);

    internal void WriteSecrets()
    {
        foreach (var (name, value) in Environment) Write(name, value);
    }

    internal void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Replaces the shipped runbook by one that looks, then acts.</summary>
    internal void WriteRunbook(string name, string step, string operation, bool approve = false) => Write($"runbooks/{name}.yaml", $$$"""
        apiVersion: homelab/v1
        kind: Runbook
        metadata: { name: {{{name}}}, description: The shipped one with a shorter breath. }
        spec:
          level: operate
          trigger: { alert: { status: down, service: { hasContainer: true } } }
          throttle: { cooldown: 0s, attempts: 3, per: 1h, backoff: 100ms }
          steps:
            - { id: look, do: docker_check_container, with: { container: "{{ service.container }}" }, timeout: 2m }
            - { id: {{{step}}}, do: {{{operation}}}, with: { container: "{{ service.container }}" }, timeout: 2m{{{(approve ? ", approve: true" : "")}}} }
          verify: { settle: 50ms, within: 2m, every: 100ms, checks: [ service ] }
          otherwise: { escalate: "{{ service.name }} is still down. {{ service.hint }}" }
        """);

    public async ValueTask DisposeAsync()
    {
        await Homelab.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex("timeout: [0-9]+s", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LimitPattern();
}
