using System.Text.Json;
using Homelab.Configuration;
using Homelab.Providers.Ssh;
using Homelab.State;
using Homelab.SystemTests.Peers;

namespace Homelab.SystemTests.Ssh;

/// <summary>The operations on keys behind a real gate, and a real sshd, which is the host <c>dev</c> of a lab.</summary>
internal sealed class KeyBench : IConfirmation, IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hlkb");
    private readonly List<SshHosts> _hosts = [];
    private SqliteStore _store = null!;

    private KeyBench(Sshd sshd) => Sshd = sshd;

    internal Sshd Sshd { get; }

    /// <summary>The folder of the lab file.</summary>
    internal string Folder => _folder.FullName;

    internal string KnownHosts => Path.Combine(Folder, "known_hosts");

    /// <summary>The file that sshd reads keys from, as the account has it.</summary>
    internal string AuthorizedKeys => Sshd.In("home/.ssh/authorized_keys");

    internal ApprovalDesk Approvals { get; private set; } = null!;

    /// <summary>What the person at the prompt says.</summary>
    internal bool Agrees { get; set; } = true;

    /// <summary>What the person at the prompt was asked, each with its number.</summary>
    internal List<(int Number, string Question)> Asked { get; } = [];

    /// <summary>What is found behind references to environment variables.</summary>
    internal Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>How ssh is used.</summary>
    internal SshManner Manner { get; set; } = SshBench.Patient;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static async Task<KeyBench> StartAsync(string? password = null, params string[] settings)
    {
        Tests.Peer.Require("sshd", Sshd.WhyNot());
        var bench = new KeyBench(new Sshd(settings) { Password = password });
        try
        {
            await bench.Sshd.StartAsync();
            // sshd is told of a file of its own; here it is the account's.
            File.Delete(bench.Sshd.In("authorized_keys"));
            File.CreateSymbolicLink(bench.Sshd.In("authorized_keys"), bench.AuthorizedKeys);
            bench._store = await SqliteStore.OpenAsync(Path.Combine(bench.Folder, "s.db"), TimeProvider.System, Cancel);
            bench.Approvals = new ApprovalDesk(bench._store, new GatePolicy().Approval, TimeProvider.System);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>The host as a new lab file would have it: without a pinned key.</summary>
    internal HostDefinition Host(string? key = null) => Sshd.Host() with { Ssh = Sshd.Host().Ssh! with { HostKey = null, Key = key is null ? null : SecretReference.Parse(key, provider: null) } };

    /// <summary>Logs in as any other operation would.</summary>
    internal async Task<int> LogInAsync(HostDefinition host) => (await Hosts(host).Hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel)).ExitCode;

    /// <summary>Lets the key of sshd's own folder in, as somebody did long ago.</summary>
    internal async Task LetInAsync(string line = "", bool ended = true)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(AuthorizedKeys)!);
        await File.WriteAllTextAsync(AuthorizedKeys, line + (await File.ReadAllTextAsync(Sshd.In("login_key.pub"), Cancel)).TrimEnd() + (ended ? "\n" : ""), Cancel);
    }

    internal async Task<GateOutcome> RunAsync(HostDefinition host, string operation, object input, Face face = Face.Interactive, string? approval = null)
    {
        var (hosts, context, redactor) = Hosts(host);
        Operation[] operations = [new TrustHost(hosts, context), new ListHostKeys(hosts, context), new CreateKey(context), new InstallKey(hosts, context)];
        var gate = new OperationGate(new OperationCatalog(operations), new Decider(new AccessPolicy { Mcp = Level.Manage }, new GatePolicy(), []), new GatePolicy().Limits, _store, Approvals, redactor, TimeProvider.System);
        var request = new GateRequest
        {
            Operation = operation,
            Json = JsonSerializer.SerializeToElement(input),
            Caller = new Caller(face, "me"),
            Approval = approval,
            Confirmation = face == Face.Interactive ? this : null,
        };
        return await gate.InvokeAsync(request, Cancel);
    }

    internal async Task<T> DoneAsync<T>(HostDefinition host, string operation, object input) =>
        Assert.IsType<T>(Assert.IsType<GateOutcome.Done>(await RunAsync(host, operation, input)).Result);

    internal Task<HomelabException> FailAsync(HostDefinition host, string operation, object input) => Assert.ThrowsAnyAsync<HomelabException>(() => RunAsync(host, operation, input));

    /// <summary>By which keys the host is known.</summary>
    internal async Task<IReadOnlyList<HostKeyRecord>> ListAsync(HostDefinition host, string? name = null)
    {
        var (hosts, context, redactor) = Hosts(host);
        var gate = new OperationGate(new OperationCatalog([new ListHostKeys(hosts, context)]), new Decider(new AccessPolicy(), new GatePolicy(), []), new GatePolicy().Limits, _store, Approvals, redactor, TimeProvider.System);
        var request = new GateRequest { Operation = "ssh_list_host_keys", Json = JsonSerializer.SerializeToElement(new { host = name }), Caller = new Caller(Face.Interactive, "me") };
        return [.. (await gate.QueryAsync(request, Cancel).ToListAsync(Cancel)).Cast<HostKeyRecord>()];
    }

    public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken)
    {
        Asked.Add((number, intent.ToString()));
        // The first question is only asked with -Confirm.
        return ValueTask.FromResult(number == 1 || Agrees);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosts in _hosts) await hosts.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
        await Sshd.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private (SshHosts Hosts, ProviderContext Context, SecretRedactor Redactor) Hosts(HostDefinition host)
    {
        var redactor = new SecretRedactor();
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = host } };
        var context = new ProviderContext(lab, Folder, new SecretSource(Folder, redactor, Environment.GetValueOrDefault), TimeProvider.System);
        var hosts = new SshHosts(context, Manner);
        _hosts.Add(hosts);
        return (hosts, context, redactor);
    }
}
