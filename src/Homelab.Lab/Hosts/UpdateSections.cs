using System.Globalization;

namespace Homelab.Lab.Hosts;

/// <summary>What apt tells of a simulated host.</summary>
internal sealed class UpdateSections(SimulatedHost host)
{
    private static readonly TimeSpan s_fetched = TimeSpan.FromHours(5);

    internal IEnumerable<(string Name, string Told)> All()
    {
        var updates = host.Updates.ToArray();
        yield return ("tool", "apt\n");
        yield return ("lists", (host.Time.GetUtcNow() - s_fetched).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + "\n");
        yield return ("list", string.Concat(
            updates.Select(static u => $"Inst {u.Package} [{u.Installed}] ({u.Available} {u.Origin} [amd64])\n").Concat(updates.Select(static u => $"Conf {u.Package} ({u.Available} {u.Origin} [amd64])\n"))));
        yield return ("code", "0\n");
    }
}
