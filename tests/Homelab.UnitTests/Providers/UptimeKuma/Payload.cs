using System.Text;

namespace Homelab.UnitTests.Providers.UptimeKuma;

/// <summary>What a real Uptime Kuma 2.5.3 sent, as it was recorded.</summary>
internal static class Payload
{
    internal static byte[] Read(string name)
    {
        using var stream = typeof(Payload).Assembly.GetManifestResourceStream($"Homelab.UnitTests.Providers.UptimeKuma.Data.{name}")
            ?? throw new InvalidOperationException($"There is no recorded payload '{name}'.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    internal static string Text(string name) => Encoding.UTF8.GetString(Read(name));
}
