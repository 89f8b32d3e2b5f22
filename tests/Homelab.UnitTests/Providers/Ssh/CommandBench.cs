using System.Collections.Concurrent;
using System.Text.Json;
using Homelab.Providers.Ssh;
using Homelab.State;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>The operations on commands behind a real gate and a real store, with hosts that answer what a test says.</summary>
internal sealed class CommandBench : IRemoteHosts, IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private CommandBench(DirectoryInfo folder, SqliteStore store, LabDefinition lab)
    {
        _folder = folder;
        Store = store;
        var policy = new CommandPolicy(lab.Policy.Commands);
        var commands = new HostCommands(lab, policy, this);
        var catalog = new OperationCatalog([new RunCommand(this, commands, new CommandTurns()), new ExplainCommand(commands, policy)]);
        Approvals = new ApprovalDesk(store, lab.Policy.Approval, TimeProvider.System);
        Gate = new OperationGate(catalog, new Decider(lab.Access, lab.Policy, ["host:ours"]), lab.Policy.Limits, store, Approvals, new SecretRedactor(), TimeProvider.System);
    }

    internal SqliteStore Store { get; }

    internal OperationGate Gate { get; }

    internal ApprovalDesk Approvals { get; }

    /// <summary>What was run, in order.</summary>
    internal ConcurrentQueue<(string Host, RemoteCommand Command)> Ran { get; } = [];

    /// <summary>What the hosts answer.</summary>
    internal Func<RemoteCommand, CancellationToken, Task<RemoteResult>>? Answer { get; set; }

    public IReadOnlyList<string> Hosts => ["dev", "ours"];

    internal static async Task<CommandBench> OpenAsync(params CommandRule[] rules)
    {
        var folder = Directory.CreateTempSubdirectory("hl-command-");
        var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "s.db"), TimeProvider.System, TestContext.Current.CancellationToken);
        var lab = new LabDefinition
        {
            Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal)
            {
                ["dev"] = new() { Address = "10.0.0.1", Tags = ["arm"], Ssh = new SshDefinition { User = "u" } },
                ["ours"] = new() { Address = "10.0.0.2", Ssh = new SshDefinition { User = "u" } },
            },
            Access = new AccessPolicy { Mcp = Level.Operate },
            Policy = new GatePolicy { Commands = rules, Protected = ["gitea@dev", "feed*"] },
        };
        return new CommandBench(folder, store, lab);
    }

    internal static CommandRule Rule(params object[] words) => new() { Run = [.. words.Select(static w => w as WordRule ?? new WordRule { Word = (string)w })], On = ["host:*"] };

    internal Task<GateOutcome> RunAsync(object input, Face face = Face.Mcp, string? approval = null, Action<OperationProgress>? progress = null) =>
        Gate.InvokeAsync(new GateRequest { Operation = "ssh_run", Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(face, "claude"), Approval = approval, Progress = progress }, TestContext.Current.CancellationToken);

    internal async Task<HostCommandResult> DoneAsync(object input, Face face = Face.Mcp) =>
        Assert.IsType<HostCommandResult>(Assert.IsType<GateOutcome.Done>(await RunAsync(input, face)).Result);

    internal Task<HomelabException> FailAsync(object input, Face face = Face.Mcp) => Assert.ThrowsAnyAsync<HomelabException>(() => RunAsync(input, face));

    internal async Task<CommandReading> ExplainAsync(object input, Face face = Face.Mcp) =>
        Assert.IsType<CommandReading>(Assert.Single(await Gate.QueryAsync(
            new GateRequest { Operation = "ssh_plan", Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(face, "claude") },
            TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken)));

    public Task<RemoteResult> RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken)
    {
        Ran.Enqueue((host, command));
        return Answer?.Invoke(command, cancellationToken) ?? Task.FromResult(Ended(host, command));
    }

    public Task<IRemoteTalk> OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken) => throw new InvalidOperationException("Nobody talks here.");

    internal static RemoteResult Ended(string host, RemoteCommand command, int code = 0, string output = "", string error = "") =>
        new() { Host = host, Words = command.Words, ExitCode = code, Output = output, Error = error };

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
