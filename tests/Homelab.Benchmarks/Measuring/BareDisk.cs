using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Homelab.Benchmarks.Measuring;

/// <summary>The floor under everything that is durable: one page written in place, and a sync.</summary>
internal sealed class BareDisk : IDisposable
{
    private readonly byte[] _page = new byte[4096];
    private readonly SafeFileHandle _file;

    internal BareDisk(DirectoryInfo folder)
    {
        _file = File.OpenHandle(Path.Combine(folder.FullName, "sync"), FileMode.Create, FileAccess.Write);
        Sync();
    }

    /// <summary>Milliseconds that it took.</summary>
    internal double Sync()
    {
        var began = Stopwatch.GetTimestamp();
        RandomAccess.Write(_file, _page, 0);
        RandomAccess.FlushToDisk(_file);
        return Samples.Milliseconds(began, Stopwatch.GetTimestamp());
    }

    public void Dispose() => _file.Dispose();
}
