using System.Globalization;

namespace Homelab.Providers.OpnSense;

/// <summary>How a service was at one moment, as far as a restart changes it.</summary>
/// <param name="Running">Whether it ran.</param>
/// <param name="Processes">Its processes; null where they cannot be seen.</param>
internal sealed record ServiceMark(bool Running, IReadOnlySet<int>? Processes)
{
    private const string Unseen = "?";

    /// <summary>Whether it was started between another moment and this one: null where nothing tells.</summary>
    internal bool? Since(ServiceMark before)
    {
        if (Running && !before.Running) return true;
        // None of its name can be seen of what the kernel does itself, or of a program that is called otherwise.
        if (before.Processes is not { Count: > 0 } then || Processes is not { } now) return null;
        return now.Any(p => !then.Contains(p));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    internal static ServiceMark? Read(string? text)
    {
        if (text?.Split(' ') is not [var state, var list] || state is not ("up" or "down")) return null;
        if (list == Unseen) return new ServiceMark(state == "up", null);
        var processes = new HashSet<int>();
        foreach (var part in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
            processes.Add(id);
        }

        return new ServiceMark(state == "up", processes);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Running ? "up" : "down")} {(Processes is null ? Unseen : string.Join(',', Processes.Order().Select(static p => p.ToString(CultureInfo.InvariantCulture))))}";
}
