using System.Collections.Concurrent;
using System.Globalization;
using Homelab.State;
using Homelab.SystemTests.Cli;
using Homelab.SystemTests.Web;
using Homelab.Tests;

namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>A simulated homelab, the real program serving it over HTTP and to each client at standard input and output, and a judge who looks at the homelab and at the audit from outside.</summary>
public sealed class RedTeamStage : IAsyncLifetime
{
    internal const string Low = "low";
    internal const string Mid = "mid";
    internal const string Boss = "boss";
    // Protects from hanging only.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    internal const string RobotSecret = "red-robot-secret-5512";

    private readonly ConcurrentDictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LineClient> _lines = new(StringComparer.Ordinal);
    // What the tests themselves did in the course of an attempt is not its effect.
    private readonly ConcurrentDictionary<string, bool> _ours = new(StringComparer.Ordinal);
    private LabStage _stage = null!;
    private CliProcess _serve = null!;
    private string[] _known = [];
    // Also as milliseconds they are more than any operation's least.
    private int _number = 1_000;

    internal SqliteStore Store { get; private set; } = null!;

    internal ApprovalDesk Approvals { get; private set; } = null!;

    internal LabStage Lab => _stage;

    internal Uri Url { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await LabStage.OpenAsync(Cancellation, Edit);
        _stage.Write("robot.secret", RobotSecret);
        RedTeamRunbooks.Write(_stage);
        _serve = CliProcess.Start(_stage.Folder, _stage.Environment, ["serve"]);
        var ready = (await _serve.EventAsync("ready")).GetProperty("text").GetString()!;
        Url = new Uri(ready[ready.IndexOf("http", StringComparison.Ordinal)..]);
        Store = await SqliteStore.OpenAsync(_stage.StateFile, TimeProvider.System, Cancellation);
        Approvals = new ApprovalDesk(Store, new ApprovalPolicy { Approvers = ["cli:*"] }, TimeProvider.System);
        foreach (var (name, level) in ((string, Level)[])[(Low, Level.Monitor), (Mid, Level.Operate), (Boss, Level.Manage)])
        {
            await KeyAsync(name, level);
            var process = StdioProcess.Start(_stage.Folder, _stage.Environment, "--name", name);
            await process.InitializeAsync();
            _lines[name] = new LineClient(process, isModern: false);
        }

        _known = await FingerprintAsync();
    }

    /// <summary>Makes a key, known from then on by its name.</summary>
    internal async Task<string> KeyAsync(string name, Level level, string scope = "", TimeSpan? expiresIn = null)
    {
        var text = CredentialSecret.New(ApiKey.Prefix);
        var now = DateTimeOffset.UtcNow;
        var key = new ApiKey { Name = name, Level = level, Scope = OperationScope.Parse(scope), CreatedAt = now.AddHours(-1), CreatedBy = "interactive:tester", ExpiresAt = now + expiresIn, Hash = CredentialSecret.HashOf(text) };
        if (name is not (Low or Mid or Boss)) _ours[name] = true;
        // A client may be given a key in place of its former one.
        await RevokeAsync(name);
        Assert.True(await Store.Credentials.AddKeyAsync(key, Cancellation));
        return _keys[name] = text;
    }

    /// <summary>A person says yes.</summary>
    internal Task ApproveAsync(string id, string? typedTarget = null)
    {
        _ours[id] = true;
        return Approvals.ApproveAsync(id, "cli:anna", typedTarget, Cancellation);
    }

    /// <summary>A person says no.</summary>
    internal Task DenyAsync(string id)
    {
        Own(id);
        return Approvals.DenyAsync(id, "cli:anna", Cancellation);
    }

    /// <summary>What becomes of this question is none of an attempt's effects.</summary>
    internal void Own(string id) => _ours[id] = true;

    /// <summary>Writes down that this client once asked the same as another one, that a person said yes, and that the time of it is over.</summary>
    internal async Task AgreedLongAgoAsync(string id, string name)
    {
        var approval = (await Store.FindApprovalAsync(id, Cancellation))! with
        {
            Id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(10)),
            RequestedBy = new Caller(Face.Mcp, name),
            RequestedAt = DateTimeOffset.UtcNow.AddMinutes(-6),
            ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(-1),
            Status = ApprovalStatus.Approved,
            Confirmations = [new Confirmation("cli:anna", DateTimeOffset.UtcNow.AddMinutes(-5), TypedTarget: false)],
        };
        Own(approval.Id);
        var entry = new AuditEntry { Time = DateTimeOffset.UtcNow, Kind = AuditKind.Answered, Operation = approval.Operation, Target = approval.Target, Trigger = "cli", Identity = "cli:anna" };
        Assert.Equal(approval.Id, (await Store.AddApprovalAsync(approval, entry, Cancellation)).Id);
    }

    /// <summary>Writes into the lab file that a client may less, and waits until it is so. The file is as long as before.</summary>
    internal Task LowerAsync(string name, Func<Task<bool>> isLowered)
    {
        _stage.Write("homelab.yaml", File.ReadAllText(_stage.LabFile).Replace($"\"mcp:{name}\": operate", $"\"mcp:{name}\": monitor", StringComparison.Ordinal));
        return Eventually.HoldsAsync($"{name} may less", isLowered, Cancellation, s_patience);
    }

    internal Task RevokeAsync(string name) => Store.Credentials.RevokeKeyAsync(name, DateTimeOffset.UtcNow, Cancellation);

    /// <summary>Waits until the program knows that a key was taken back by another process, which it does within seconds.</summary>
    internal Task ForgottenAsync(string key) => Eventually.HoldsAsync(
        "the key is refused",
        async () => (await new Attacker(this, Low, overHttp: true).RawAsync("POST", "/mcp", """{"jsonrpc":"2.0","id":1,"method":"ping"}""", $"Authorization: Bearer {key}")).Status == 401,
        Cancellation);

    /// <summary>The key of another client of level 2.</summary>
    internal async Task<string> SecondAsync() => _keys.TryGetValue("second", out var key) ? key : await KeyAsync("second", Level.Operate);

    internal string KeyOf(string name) => _keys[name];

    internal LineClient StdioOf(string name) => _lines[name];

    /// <summary>Says something to a process that was never introduced to: the revision without sessions needs no introduction.</summary>
    internal Task<string> ModernStdioAsync(string name, string message, int? id) =>
        _lines.GetOrAdd(name + " modern", _ => new LineClient(StdioProcess.Start(_stage.Folder, _stage.Environment, "--name", name), isModern: true)).SayAsync(message, id);

    /// <summary>Puts numbers that nobody had before in place of <c>{id}</c> and <c>{n}</c>.</summary>
    internal string Fill(string message, out int? id)
    {
        id = null;
        if (message.Contains("{n}", StringComparison.Ordinal)) message = message.Replace("{n}", Next(), StringComparison.Ordinal);
        if (!message.Contains("{id}", StringComparison.Ordinal)) return message;
        id = int.Parse(Next(), CultureInfo.InvariantCulture);
        return message.Replace("{id}", id.Value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    /// <summary>Lets a client try, and judges.</summary>
    internal async Task JudgeAsync(Attempt attempt, Level level, bool overHttp)
    {
        var isMid = level == Level.Operate;
        var attacker = new Attacker(this, isMid ? Mid : Low, overHttp);
        var (before, last) = (_known, await LastLineAsync());
        var answer = await attempt.Act(attacker);
        // What somebody tried before and had its effect in the end is seen here too.
        var after = _known = await FingerprintAsync();
        var effects = after.Except(before, StringComparer.Ordinal).Count(static l => l.StartsWith("change", StringComparison.Ordinal));
        Assert.True(attempt.Effects == 0 ? before.SequenceEqual(after, StringComparer.Ordinal) : effects == attempt.Effects, $"It had an effect: {Added(before, after)}\nThe answer: {answer}");
        Assert.True(IsAmong(isMid ? attempt.AnswerToMid ?? attempt.Answer : attempt.Answer, answer), $"It was answered: {answer}");
        await HearAsync(last + 1, (isMid ? attempt.LeavesOfMid ?? attempt.Leaves : attempt.Leaves).Replace("{me}", attacker.Name, StringComparison.Ordinal));
    }

    // Waits for a line of the audit that holds this, which may be written a moment after the answer.
    private async Task HearAsync(long from, string wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(s_patience);
        var heard = new List<string>();
        try
        {
            await foreach (var line in Store.FollowAuditAsync(from, TimeSpan.FromMilliseconds(2), TimeProvider.System, patience.Token))
            {
                heard.Add(Shown(line));
                if (IsAmong(wanted, heard[^1])) return;
            }
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"The audit has no line with '{wanted}', but: {string.Join("; ", heard)}");
        }
    }

    internal async Task<long> LastLineAsync() => await Store.ReadAuditTailAsync(1, Cancellation) is [var line] ? line.Sequence : 0;

    /// <summary>Everything that an attempt could have changed: what the simulated systems were asked to do and are like, who may come in, and what people have agreed to.</summary>
    internal async Task<string[]> FingerprintAsync()
    {
        var homelab = _stage.Homelab;
        return
        [
            .. homelab.Engines.SelectMany(static e => e.Value.Changes.Select((c, i) => $"change {i} on {e.Key}: {c}")),
            .. homelab.Proxmox.Changes.Select(static (c, i) => $"change {i} on {c.Node}: {c}"),
            .. homelab.Hosts.SelectMany(static h => h.Value.Commands.Where(static c => !c.ToString().StartsWith("docker container inspect", StringComparison.Ordinal)).Select((c, i) => $"run {i} on {h.Key}: {c}")),
            .. homelab.Engines.SelectMany(static e => e.Value.Containers.Select(c => $"container {c.Name}@{e.Key} {c.Running} {c.Starts}")),
            .. (await Store.Credentials.ListKeysAsync(Cancellation)).Where(k => !_ours.ContainsKey(k.Name)).Select(static k => $"key {k.Name} {k.Level} {k.Scope} {k.RevokedAt}"),
            .. (await Store.Credentials.ListClientsAsync(Cancellation)).Select(static c => $"client {c.Id}"),
            .. (await AnsweredAsync()).Where(a => !_ours.ContainsKey(a.Id)).Select(static a => $"agreed {a.Id} {a.Status} {a.Confirmations.Count}"),
            .. (await Store.ListIncidentsAsync(100, Cancellation)).Select(static i => $"incident {i.Id}"),
            $"suspended {await Store.FindSuspensionAsync(Cancellation)}",
            .. Directory.EnumerateFiles(_stage.Folder, "*", SearchOption.AllDirectories).Where(static f => !Path.GetFileName(f).Contains(".db", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(static f => $"file {f} {new FileInfo(f).Length}"),
        ];
    }

    private async Task<IEnumerable<Approval>> AnsweredAsync()
    {
        ApprovalStatus[] answered = [ApprovalStatus.Approved, ApprovalStatus.Used, ApprovalStatus.Denied];
        return (await Task.WhenAll(answered.Select(s => Store.ListApprovalsAsync(s, Cancellation)))).SelectMany(static a => a);
    }

    /// <summary>What was changed on purpose, by the test itself, is no attempt's doing.</summary>
    internal async Task AcceptAsync() => _known = await FingerprintAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var line in _lines.Values) await line.DisposeAsync();
        await _serve.DisposeAsync();
        if (Store is not null) await Store.DisposeAsync();
        await _stage.DisposeAsync();
    }

    private static string Edit(string lab) => lab
        .Replace("rest: operate }", $"rest: operate, identities: {{ \"mcp:{Mid}\": operate, \"mcp:{Boss}\": manage, \"mcp:claude\": manage, \"mcp:second\": operate, \"mcp:lowered\": operate, \"mcp:revoked\": manage, \"mcp:over\": manage, \"mcp:fleeting\": manage, \"mcp:robot\": operate }} }}", StringComparison.Ordinal)
        .Replace("policy:\n", "mcp:\n  clients:\n    robot: { secret: \"file:robot.secret\", level: monitor }\npolicy:\n  limits: { cooldown: 10m, rate: 500 }\n", StringComparison.Ordinal)
        .Replace("metadata: { name: thinmint }\n", "metadata: { name: thinmint }\ninclude: [ \"shipped:policy/seed-commands.yaml\" ]\n", StringComparison.Ordinal);

    private static bool IsAmong(string wanted, string text) => wanted.Split('|').Any(w => text.Contains(w, StringComparison.Ordinal));

    private static string Added(string[] before, string[] after) => string.Join("; ", after.Except(before, StringComparer.Ordinal).Concat(before.Except(after, StringComparer.Ordinal).Select(static l => "gone: " + l)));

    private static string Shown(AuditEntry e) => $"{HomelabNames.Of(e.Kind)} {e.Trigger}:{e.Identity} {e.Operation} {e.Target} {e.Decision} {e.Result} {e.Error}";

    private string Next() => Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
}
