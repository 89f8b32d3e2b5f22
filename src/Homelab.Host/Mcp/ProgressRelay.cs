using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp;

/// <summary>Sends what an operation reports to the client that asked for it, in order, and nothing after the answer. A slow client gets the latest only.</summary>
internal sealed class ProgressRelay : IAsyncDisposable
{
    private const int Whole = 100;
    private const double Least = 0.01;
    private const int LongestMessage = 300;

    private readonly Channel<OperationProgress>? _reports;
    private readonly Task _sending = Task.CompletedTask;
    private double _sent;

    internal ProgressRelay(McpServer server, ProgressToken? token)
    {
        if (token is not { } wanted) return;
        _reports = Channel.CreateBounded<OperationProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        _sending = SendAsync(server, wanted, _reports.Reader);
    }

    internal void Report(OperationProgress progress) => _reports?.Writer.TryWrite(progress);

    public async ValueTask DisposeAsync()
    {
        _reports?.Writer.TryComplete();
        await _sending;
    }

    private async Task SendAsync(McpServer server, ProgressToken token, ChannelReader<OperationProgress> reports)
    {
        await foreach (var report in reports.ReadAllAsync())
        {
            // By the protocol it must grow with each message, known or not.
            _sent = Math.Max(_sent + Least, (report.Fraction ?? 0) * Whole);
            var message = ForeignText.Clean($"{report.Activity}: {report.Status}", LongestMessage);
            await server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = (float)_sent, Total = Whole, Message = message });
        }
    }
}
