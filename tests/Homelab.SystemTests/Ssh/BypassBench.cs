using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Providers.Ssh;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.SystemTests.Ssh;

/// <summary>
/// <c>ssh_run</c> behind the real gate and over a real sshd, in the lab of the bypass corpus. Programs that only write down how they were called stand before the real ones in the PATH:
/// one for every word of the corpus that could be a program's name.
/// </summary>
internal sealed partial class BypassBench : IAsyncDisposable
{
    /// <summary>The variable that names <see cref="Trace"/> to a login shell.</summary>
    internal const string TraceVariable = "TRACE";

    // What the transport's own script needs.
    private static readonly string[] s_real = ["sh", "sleep"];

    private readonly SshBench _ssh;
    private readonly OperationGate _gate;
    private int _read;

    private BypassBench(SshBench ssh, SshHosts hosts, LabDefinition lab)
    {
        _ssh = ssh;
        Hosts = hosts;
        var store = new MemoryGateStore();
        var commands = new HostCommands(lab, new CommandPolicy(lab.Policy.Commands), hosts);
        Approvals = new ApprovalDesk(store, lab.Policy.Approval, TimeProvider.System);
        _gate = new OperationGate(
            new OperationCatalog([new RunCommand(hosts, commands, new CommandTurns())]),
            new Decider(lab.Access, lab.Policy, []),
            new ActionLimits { Attempts = 1_000_000, Rate = 1_000_000 },
            store,
            Approvals,
            new SecretRedactor(),
            TimeProvider.System);
    }

    internal SshHosts Hosts { get; }

    internal ApprovalDesk Approvals { get; }

    /// <summary>The home of the account: what a redirection would write lies there.</summary>
    internal string Home => _ssh.Sshd.In("home");

    /// <summary>Where the stand-ins lie.</summary>
    internal string Programs => _ssh.Sshd.In("bin");

    /// <summary>A file for what a login shell wants to write down.</summary>
    internal string Trace => _ssh.Sshd.In("trace");

    private string Log => _ssh.Sshd.In("executed");

    /// <summary>Starts sshd, whose account has this login shell.</summary>
    /// <param name="shell">The shell and its options before <c>-c</c>; null for the account's own.</param>
    internal static async Task<BypassBench> StartAsync(string? shell)
    {
        var ssh = await SshBench.StartAsync(folder => [$"PATH={Path.Combine(folder, "bin")}:/usr/bin:/bin", $"{TraceVariable}={Path.Combine(folder, "trace")}"], shell is null ? [] : [$"ForceCommand exec {shell} -c \"$SSH_ORIGINAL_COMMAND\""]);
        await StandInAsync(ssh.Sshd.In("bin"), ssh.Sshd.In("executed"));
        var lab = new LabReader(ProviderList.Settings, static _ => null).Read(BypassCorpus.LabFile).Lab;
        var host = ssh.Sshd.Host();
        lab = lab with
        {
            Hosts = lab.Hosts.ToDictionary(static h => h.Key, h => h.Value with { Address = host.Address, Ssh = host.Ssh }, StringComparer.Ordinal),
            Policy = lab.Policy with { Ssh = new SshPolicy() },
        };
        return new BypassBench(ssh, ssh.Lab(lab.Hosts), lab);
    }

    /// <summary>Asks for a case, and says what came of it: <c>allowed</c>, <c>approve</c>, <c>denied</c> for what is refused too, or the id of another error.</summary>
    internal async Task<string> AskAsync(BypassCase asked, string? approval = null)
    {
        var request = new GateRequest
        {
            Operation = "ssh_run",
            Json = JsonSerializer.SerializeToElement(new { command = asked.Line, host = asked.Host, argument = asked.Words }),
            Caller = new Caller(asked.Face, "corpus"),
            Approval = approval,
        };
        try
        {
            return await _gate.InvokeAsync(request, TestContext.Current.CancellationToken) is GateOutcome.Waiting ? BypassCase.Approve : BypassCase.Allowed;
        }
        catch (HomelabException e)
        {
            return e.Id == "CommandNotAllowed" ? BypassCase.Denied : e.Id;
        }
    }

    /// <summary>A question of a person's that was agreed to.</summary>
    internal async Task<string> ApprovedAsync(string command)
    {
        var request = new GateRequest { Operation = "ssh_run", Json = JsonSerializer.SerializeToElement(new { command, host = "dev" }), Caller = new Caller(Face.Mcp, "corpus") };
        var waiting = Assert.IsType<GateOutcome.Waiting>(await _gate.InvokeAsync(request, TestContext.Current.CancellationToken));
        await Approvals.ApproveAsync(waiting.Approval.Id, "cli:me", null, TestContext.Current.CancellationToken);
        return waiting.Approval.Id;
    }

    /// <summary>What was executed since this was last asked, program by program, each with its words.</summary>
    internal async Task<IReadOnlyList<IReadOnlyList<string>>> ExecutedAsync()
    {
        if (!File.Exists(Log)) return [];
        var bytes = await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken);
        var parts = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, _read, bytes.Length - _read).Split('\0');
        _read = bytes.Length;
        var executed = new List<IReadOnlyList<string>>();
        for (var at = 0; at < parts.Length - 1;)
        {
            var count = int.Parse(parts[at++], CultureInfo.InvariantCulture);
            executed.Add(parts[at..(at + count)]);
            at += count;
        }

        return executed;
    }

    public ValueTask DisposeAsync() => _ssh.DisposeAsync();

    private static async Task StandInAsync(string folder, string log)
    {
        Directory.CreateDirectory(folder);
        var script = $$"""
            #!/bin/sh
            [ "${0##*/}" != tell-words ] || exec /usr/bin/printf '%s\0' "$@"
            printf '%s\0' $(($# + 1)) "${0##*/}" "$@" >>{{log}}
            for last; do :; done
            case "${0##*/} $1 $2" in "docker container inspect") printf '0123456789ab /%s\n' "$last" ;; esac

            """;
        var first = Path.Combine(folder, "stand-in");
        await File.WriteAllTextAsync(first, script);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(first, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var names = BypassCorpus.Cases.SelectMany(static c => ProgramName().Matches(c.Line[..Math.Min(c.Line.Length, 300)] + " " + string.Join(' ', c.Words)).Select(static m => m.Value));
        foreach (var name in names.Append("tell-words").Distinct(StringComparer.Ordinal).Except([.. s_real, "stand-in"], StringComparer.Ordinal)) File.CreateSymbolicLink(Path.Combine(folder, name), first);
    }

    [GeneratedRegex("[a-zA-Z][a-zA-Z0-9._-]{0,40}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProgramName();
}
