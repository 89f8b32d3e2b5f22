using System.Net;
using System.Net.Http;
using System.Text;
using Homelab.Lab.Docker;
using Homelab.Lab.Proxmox;
using Homelab.Lab.Services;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>Somebody answers late.</summary>
internal static class Delays
{
    internal static Trouble Engine { get; } = Usual.From(
        FaultWord.Slow, "the engine answers every look and every change late", static s => s.FailEngines(new EngineFault { Kind = EngineFaultKind.Slow, Path = "/containers/*", Delay = Usual.Late, Times = int.MaxValue }));

    internal static Trouble Hypervisor { get; } = Usual.From(
        FaultWord.Slow, "the hypervisor answers everything late", static s => Usual.FailNodes(s, new ProxmoxFault { Kind = ProxmoxFaultKind.Slow, Delay = Usual.Late, Times = int.MaxValue }));

    internal static Trouble Prometheus { get; } = Usual.From(FaultWord.Slow, "Prometheus answers late", static s => (s.Prometheus.Delay, s.Prometheus.Fault) = (TimeSpan.FromSeconds(1), ServiceFault.Slow));

    internal static Trouble Service { get; } = Usual.From(FaultWord.Slow, "the service answers later than its check allows", static _ => { });

    internal static Trouble AnswerLost { get; } = Usual.From(FaultWord.Slow, "the answer to the first change is lost on its way", static s => s.FailEngines(Usual.Engine(EngineFaultKind.LostAfter, times: 1)));

    internal static Trouble Sender { get; } = Usual.From(FaultWord.Slow, "the sender's body comes drop by drop", static s => s.Content = static body => new DrippingContent(body));

    private sealed class DrippingContent(string body) : HttpContent
    {
        private const int Drops = 10;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            foreach (var drop in bytes.Chunk((bytes.Length / Drops) + 1))
            {
                await stream.WriteAsync(drop);
                await stream.FlushAsync();
                await timer.WaitForNextTickAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
