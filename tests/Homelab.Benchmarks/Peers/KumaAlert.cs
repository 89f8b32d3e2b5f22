using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Homelab.Benchmarks.Peers;

/// <summary>The body that Uptime Kuma 2.5 sent for a monitor that went down, as recorded, with another monitor's name and number.</summary>
internal static class KumaAlert
{
    private static readonly string s_recorded = Read();

    /// <summary>Another number makes another alert, under the same name too.</summary>
    internal static byte[] Body(string monitor, int number) => Encoding.UTF8.GetBytes(s_recorded
        .Replace("\"monitorID\":1,", string.Create(CultureInfo.InvariantCulture, $"\"monitorID\":{number},"), StringComparison.Ordinal)
        .Replace("\"monitor\":{\"id\":1,\"name\":\"web\"", string.Create(CultureInfo.InvariantCulture, $"\"monitor\":{{\"id\":{number},\"name\":\"{monitor}\""), StringComparison.Ordinal));

    /// <summary>The request that carries it.</summary>
    internal static HttpRequestMessage Request(Uri server, string token, byte[] body) => new(HttpMethod.Post, new Uri(server, "/hook/" + LabText.Hook))
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    private static string Read()
    {
        using var stream = typeof(KumaAlert).Assembly.GetManifestResourceStream("kuma-down.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
