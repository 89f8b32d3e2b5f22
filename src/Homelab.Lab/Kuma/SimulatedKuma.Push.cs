using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Kuma;

/// <content>Push monitors, and what becomes of a look.</content>
public sealed partial class SimulatedKuma
{
    private const string PushRoute = "/api/push/";

    private async Task<KumaBeat> TakeAsync(MonitorState state, bool up, string message, int? ping, CancellationToken cancellationToken)
    {
        var beat = state.Take(up, message, ping, _time.GetUtcNow());
        TellClients("heartbeat", KumaBodies.Live(state, beat));
        if (beat.Notified) await TellAsync(KumaBodies.Beat(Release, state, beat), cancellationToken);
        return beat;
    }

    // What is paused is answered like what is not there.
    private async Task TakePushAsync(HttpContext context, string token)
    {
        var state = _monitors.Values.FirstOrDefault(m => m.Monitor.PushToken == token && m.Active);
        context.Response.StatusCode = state is null ? 404 : 200;
        if (state is not null)
        {
            var query = context.Request.Query;
            var status = query["status"].ToString() is { Length: > 0 } given ? given : "up";
            var message = query["msg"].ToString() is { Length: > 0 } text ? text : "OK";
            var ping = double.TryParse(query["ping"].ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 ? (int?)Math.Round(number) : null;
            await state.Turn.WaitAsync(context.RequestAborted);
            try
            {
                await TakeAsync(state, status == "up", message, ping, context.RequestAborted);
            }
            finally
            {
                state.Turn.Release();
            }
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        var answer = state is null ? new JsonObject { ["ok"] = false, ["msg"] = "Monitor not found or not active." } : new JsonObject { ["ok"] = true };
        await context.Response.WriteAsync(KumaBodies.Stringify(answer));
    }
}
