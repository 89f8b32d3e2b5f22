namespace Homelab.Lab.Proxmox;

public sealed partial class SimulatedProxmox
{
    private ITimer? _refresh;
    private ResourceView? _view;

    /// <summary>How old <c>/cluster/resources</c> may be: it is taken anew each time this has passed. Zero for always fresh.</summary>
    public TimeSpan ResourcesLag
    {
        get;
        set
        {
            lock (Sync)
            {
                field = value;
                _refresh?.Dispose();
                _refresh = null;
                _view = value > TimeSpan.Zero ? ResourceView.Take(this) : null;
                if (value > TimeSpan.Zero) _refresh = Time.CreateTimer(static state => ((SimulatedProxmox)state!).RefreshResources(), this, value, value);
            }
        }
    }

    /// <summary>What <c>/cluster/resources</c> shows.</summary>
    internal ResourceView Resources => _view ?? ResourceView.Take(this);

    /// <summary>Takes <c>/cluster/resources</c> anew now.</summary>
    public void RefreshResources()
    {
        lock (Sync)
        {
            if (_view is not null) _view = ResourceView.Take(this);
        }
    }
}
