using Homelab.Providers.Scripts;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.SystemTests.Scripts;

/// <summary>A lab with a folder of scripts, a gate before the operation, and the real pwsh.</summary>
internal sealed class ScriptBench : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hlr");
    private readonly ScriptsProvider _provider;
    private readonly OperationGate _gate;

    /// <param name="rules">What may be run.</param>
    internal ScriptBench(params CommandRule[] rules)
        : this(TimeProvider.System, rules)
    {
    }

    /// <param name="time">The clock.</param>
    /// <param name="rules">What may be run.</param>
    internal ScriptBench(TimeProvider time, params CommandRule[] rules)
    {
        Peer.Require("pwsh", OnPath("pwsh") ? null : "pwsh is not installed: https://aka.ms/powershell");
        var lab = new LabDefinition { Access = new AccessPolicy { Schedule = Level.Manage }, Policy = new GatePolicy { Commands = rules } };
        _provider = new ScriptsProvider(new ProviderContext(lab, _folder.FullName, null!, time));
        _gate = new OperationGate(
            new OperationCatalog(_provider.Operations),
            new Decider(lab.Access, lab.Policy, []),
            new ActionLimits(),
            Store,
            new ApprovalDesk(Store, new ApprovalPolicy(), time),
            new SecretRedactor(),
            time);
    }

    internal MemoryGateStore Store { get; } = new();

    /// <summary>A rule that lets every script have any words.</summary>
    internal static CommandRule All { get; } = new() { Name = "all", Run = [new WordRule { Word = "pwsh" }, new WordRule { Like = "*.ps1" }, new WordRule { Rest = true }], On = ["script:*"] };

    internal string In(string path) => Path.Combine(_folder.FullName, path);

    /// <summary>Writes a script of the lab.</summary>
    internal void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In("scripts/" + name))!);
        File.WriteAllText(In("scripts/" + name), text);
    }

    internal Task<GateOutcome> InvokeAsync(RunScript.Input input, Caller? caller = null, string? approval = null, CancellationToken? cancellationToken = null) => _gate.InvokeAsync(
        new GateRequest { Operation = "script_run", Input = input, Caller = caller ?? new Caller(Face.Interactive, "anna"), Approval = approval },
        cancellationToken ?? TestContext.Current.CancellationToken);

    internal async Task<ScriptResult> RunAsync(RunScript.Input input) => Assert.IsType<ScriptResult>(Assert.IsType<GateOutcome.Done>(await InvokeAsync(input)).Result);

    internal Task<HomelabException> FailAsync(RunScript.Input input) => Assert.ThrowsAnyAsync<HomelabException>(() => InvokeAsync(input));

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, program)) || File.Exists(Path.Combine(p, program + ".exe")));
}
