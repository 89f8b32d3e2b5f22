using System.Collections.Concurrent;

namespace Homelab.Host.Web.Rest;

/// <summary>Every guest as it was last seen, in a list or by itself, for the time when Proxmox cannot be reached.</summary>
internal sealed class GuestMemory(TimeProvider time)
{
    private readonly ConcurrentDictionary<int, (RestVm Vm, long At)> _seen = new();

    internal void Keep(IEnumerable<RestVm> vms)
    {
        var now = time.GetTimestamp();
        foreach (var vm in vms) _seen[vm.Vmid] = (vm, now);
        foreach (var (vmid, (_, at)) in _seen)
        {
            if (time.GetElapsedTime(at) > LastAnswer<RestVm>.Longest) _seen.TryRemove(vmid, out _);
        }
    }

    /// <summary>The one guest that is meant, and how long ago it was seen; null when none is known, or more than one.</summary>
    internal (RestVm Vm, TimeSpan Age)? Recall(VmRef reference)
    {
        var meant = _seen.Values
            .Select(s => (s.Vm, Age: time.GetElapsedTime(s.At)))
            .Where(s => s.Age <= LastAnswer<RestVm>.Longest && s.Vm.IsMeantBy(reference))
            .Take(2)
            .ToArray();
        return meant is [var only] ? only : null;
    }
}
