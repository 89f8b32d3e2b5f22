using Homelab.Lab.Docker;
using Homelab.Lab.Proxmox;
using Homelab.Lab.Services;
using Homelab.Lab.Telegram;
using Homelab.Automation.Healing;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>Somebody says no: our door, a system, the service itself, a person.</summary>
internal static class Refusals
{
    internal static Trouble WrongToken { get; } = AtTheDoor("the door knows no such token; then it is set right", static s => s.Token = "not-the-token", static s => s.Token = null);

    internal static Trouble OldVersion { get; } = Unreadable("the body is of a version that is not read; then of the right one", "\"version\":\"4\"", "\"version\":\"3\"");

    internal static Trouble OddState { get; } = Unreadable("the state is a word that means nothing; then one that does", "\"state\":\"down\"", "\"state\":\"purple\"");

    internal static Trouble OddTitle { get; } = Unreadable("the title is one that nobody knows; then a known one", "Connection to", "Greetings from");

    internal static Trouble TooLong { get; } = Unreadable("the body is longer than the door takes; then it is not", "\"duration\":\"60\"", $"\"duration\":\"{new string('6', 300_000)}\"");

    internal static Trouble EngineAlways { get; } = Usual.From(FaultWord.Refuse, "the engine refuses every change; a person does not want more done", static s => Usual.FailForGood(s, EngineFaultKind.InternalError));

    internal static Trouble EngineOnce { get; } = Usual.From(FaultWord.Refuse, "the engine refuses the first change", static s => s.FailEngines(Usual.Engine(EngineFaultKind.InternalError, times: 1)));

    internal static Trouble Hypervisor { get; } = Usual.From(FaultWord.Refuse, "the hypervisor refuses every change", static s => Usual.FailNodesForGood(s, ProxmoxFaultKind.Answer));

    internal static Trouble Service { get; } = Usual.From(FaultWord.Refuse, "the container runs, and its port is closed", static _ => { });

    internal static Trouble Prometheus { get; } = new(FaultWord.Refuse, "Prometheus cannot be reached for a while", static async stage =>
    {
        stage.Prometheus.Fault = ServiceFault.Refuse;
        await Usual.TellAsync(stage);
        await stage.LastAsync(TimeSpan.FromSeconds(1.5));
        stage.Prometheus.Fault = ServiceFault.None;
    });

    internal static Trouble Chat { get; } = new(FaultWord.Refuse, "the chat refuses messages for a while", static async stage =>
    {
        stage.Homelab.Telegram.Fault = TelegramFault.ServerError;
        await Usual.TellAsync(stage);
        await stage.SeenAsync(HealingEventKind.NoticeFailed);
        stage.Homelab.Telegram.Fault = TelegramFault.None;
    });

    internal static Trouble Person { get; } = Usual.From(FaultWord.Refuse, "a person says no", static s => s.Answer = false);

    private static Trouble Unreadable(string text, string right, string wrong) =>
        AtTheDoor(text, s => s.Spoil = body => body.Contains(right, StringComparison.Ordinal) ? body.Replace(right, wrong, StringComparison.Ordinal) : throw new InvalidOperationException($"{right} is not in the body"), static s => s.Spoil = null);

    private static Trouble AtTheDoor(string text, Action<FaultStage> spoil, Action<FaultStage> mend) => new(FaultWord.Refuse, text, async stage =>
    {
        await stage.StartAsync();
        stage.Break();
        spoil(stage);
        await stage.TryTellAsync();
        if ((await stage.Store.ListAlertsAsync(10, stage.Cancellation)).Count > 0) throw new InvalidOperationException("What was refused was kept.");
        mend(stage);
        await stage.TellAsync();
    });
}
