using System.Collections.Concurrent;
using System.Text.Json;
using Homelab.Automation.Approvals;
using Homelab.Automation.Healing;
using Homelab.Lab.Telegram;
using Homelab.Providers.Telegram;
using Homelab.State;
using Homelab.Tests;
using Homelab.UnitTests.Core;
using Homelab.UnitTests.Providers;

namespace Homelab.UnitTests.Automation;

/// <summary>The courier over a real store and the real Telegram channel, with people in a simulated chat and a clock that is moved by hand.</summary>
public sealed class CourierBench : IAsyncDisposable, IHealingObserver
{
    internal const string Token = "123456:AAE-secret_token";
    internal const string Chat = "-1001";

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-courier-");
    private readonly ConcurrentQueue<HealingEvent> _events = new();
    private readonly bool _twoPeople;
    private TelegramApprovals _channel = null!;

    private CourierBench(SimulatedTelegram telegram, bool twoPeople)
    {
        Telegram = telegram;
        _twoPeople = twoPeople;
    }

    public static TelegramUser Anna { get; } = new(1111, "Anna");

    public static TelegramUser Bert { get; } = new(2222, "Bert\u202E\n<b>");

    public static TelegramUser Mallory { get; } = new(666, "Mallory");

    public SimulatedTelegram Telegram { get; }

    public ManualTime Time { get; } = new();

    public SqliteStore Store { get; private set; } = null!;

    public string StatePath => Path.Combine(_folder.FullName, "s.db");

    public ApprovalDesk Approvals { get; private set; } = null!;

    public ApprovalCourier Courier { get; private set; } = null!;

    public StopThing Stop { get; } = new();

    public DeleteThing Delete { get; } = new();

    public IReadOnlyList<string> Troubles => [.. _events.Where(static e => e.Kind == HealingEventKind.Trouble).Select(static e => e.Text)];

    private OperationGate Gate { get; set; } = null!;

    public static async Task<CourierBench> OpenAsync(bool twoPeople = false, bool starts = true)
    {
        var bench = new CourierBench(await SimulatedTelegram.StartAsync(Token), twoPeople);
        await bench.OpenAsync();
        if (starts) bench.Courier.Start();
        return bench;
    }

    public void On(HealingEvent what) => _events.Enqueue(what);

    public async Task<Approval> AskAsync(string operation = "sample_stop_thing", string name = "web")
    {
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(new { name }), Caller = GateBench.Hook };
        return Assert.IsType<GateOutcome.Waiting>(await Gate.InvokeAsync(request, TestContext.Current.CancellationToken)).Approval;
    }

    public Task<GateOutcome> UseAsync(Approval approval, string operation = "sample_stop_thing", string name = "web") => Gate.InvokeAsync(
        new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(new { name }), Caller = GateBench.Hook, Approval = approval.Id },
        TestContext.Current.CancellationToken);

    public Task<Approval> GetAsync(Approval approval) => Approvals.GetAsync(approval.Id, TestContext.Current.CancellationToken);

    /// <summary>The next message that comes, with its buttons.</summary>
    public async Task<TelegramMessage> NextAsync()
    {
        var next = Telegram.NextAsync(TestContext.Current.CancellationToken).AsTask();
        await UntilAsync("a message", () => next.IsCompleted);
        return await next;
    }

    /// <summary>A message as it reads now.</summary>
    public TelegramMessage Now(TelegramMessage message) => Telegram.Messages.Single(m => m.Id == message.Id);

    public Task ReadsAsync(TelegramMessage message, string text) => UntilAsync($"'{text}' in: {Now(message).Text}", () => Now(message).Text.Contains(text, StringComparison.Ordinal));

    /// <summary>Lets the courier go round, again and again, until it holds. The clock goes on by hardly anything.</summary>
    public Task UntilAsync(string what, Func<bool> condition, TimeSpan? step = null) => Eventually.HoldsAsync(
        what,
        () =>
        {
            Time.Advance(step ?? s_poll);
            return Task.FromResult(condition());
        },
        TestContext.Current.CancellationToken);

    /// <param name="press">What was pressed.</param>
    /// <param name="step">How far the clock goes on with each look; far where a jump of it has cut off whoever listens, who then waits before listening again.</param>
    public async Task<TelegramToast> SeesAsync(Task<TelegramToast> press, TimeSpan? step = null)
    {
        await UntilAsync("a word to who pressed", () => press.IsCompleted, step);
        return await press;
    }

    /// <summary>A new process on the same state: everything in memory is gone.</summary>
    public async Task RestartAsync(Func<Task>? meanwhile = null)
    {
        await CloseAsync();
        if (meanwhile is not null) await meanwhile();
        await OpenAsync();
        Courier.Start();
    }

    public async Task<IReadOnlyList<AuditEntry>> AuditAsync() => await Store.ReadAuditAsync(1, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Telegram.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task CloseAsync()
    {
        await Courier.DisposeAsync();
        _channel.Dispose();
        await Store.DisposeAsync();
    }

    private async Task OpenAsync()
    {
        Store = await SqliteStore.OpenAsync(StatePath, Time, TestContext.Current.CancellationToken);
        var policy = new ApprovalPolicy { Approvers = ["cli:*", "telegram:1111", "telegram:2222"], TwoPeople = _twoPeople };
        var lab = new LabDefinition { Policy = new GatePolicy { Approval = policy }, Access = new AccessPolicy { Webhook = Level.Manage } };
        Approvals = new ApprovalDesk(Store, policy, Time);
        Gate = new OperationGate(new OperationCatalog([Stop, Delete]), new Decider(lab.Access, lab.Policy, []), lab.Policy.Limits, Store, Approvals, new SecretRedactor(), Time);
        var context = new HealingContext(lab, Gate, Approvals, Store, Store, new RunbookShelf([]), [], new HealingTempo(TimeSpan.Zero, TimeSpan.Zero) { ApprovalPoll = s_poll }, [this], Time);
        var definition = new TelegramDefinition { Token = SecretReference.Parse("env:TOKEN", null), Chat = SecretReference.Parse("env:CHAT", null), Url = Telegram.Url, Approvers = [Anna.Id, Bert.Id] };
        _channel = new TelegramApprovals(definition, new Secrets(("TOKEN", Token), ("CHAT", Chat)), Time);
        Courier = new ApprovalCourier([_channel], Store, policy, context);
    }
}
