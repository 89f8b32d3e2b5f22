using System.Net.Sockets;
using System.Text;
using Homelab.Automation.Healing;
using Homelab.Lab.Docker;
using Homelab.Lab.Proxmox;
using Homelab.Lab.Telegram;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>Somebody takes a question and never answers.</summary>
internal static class Hangs
{
    internal static Trouble EngineOnEveryChange { get; } = Usual.From(FaultWord.Hang, "the engine never answers a change, and does nothing; a person does not want more done", static s => Usual.FailForGood(s, EngineFaultKind.Hang));

    internal static Trouble EngineOnOneChange { get; } = Usual.From(FaultWord.Hang, "the engine does not answer the first change, and does nothing", static s => s.FailEngines(Usual.Engine(EngineFaultKind.Hang, times: 1)));

    internal static Trouble EngineOnOneLook { get; } = Usual.From(
        FaultWord.Hang, "the engine does not answer the first look", static s => s.FailEngines(new EngineFault { Kind = EngineFaultKind.Hang, Method = "GET", Path = "/containers/*/*" }));

    internal static Trouble Hypervisor { get; } = Usual.From(FaultWord.Hang, "the hypervisor never answers a change", static s => Usual.FailNodesForGood(s, ProxmoxFaultKind.Hang));

    internal static Trouble Service { get; } = Usual.From(FaultWord.Hang, "the service takes connections and never answers", static _ => { });

    internal static Trouble Chat { get; } = new(FaultWord.Hang, "the chat does not answer the first message", static async stage =>
    {
        stage.Homelab.Telegram.Fault = TelegramFault.Hang;
        await Usual.TellAsync(stage);
        await stage.SeenAsync(HealingEventKind.NoticeFailed);
        stage.Homelab.Telegram.Fault = TelegramFault.None;
    });

    internal static Trouble OtherSender { get; } = new(FaultWord.Hang, "another sender holds the door with half a delivery", static async stage =>
    {
        await stage.StartAsync();
        using var half = new TcpClient();
        await half.ConnectAsync(stage.Door.Host, stage.Door.Port, stage.Cancellation);
        await half.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /hooks/uptime-alert HTTP/1.1\r\nHost: {stage.Door.Authority}\r\nAuthorization: Bearer {stage.Homelab.Tokens.Hook}\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{{\"heartbeat\""), stage.Cancellation);
        stage.Break();
        await stage.TellAsync();
        await stage.EndAsync();
    });
}
