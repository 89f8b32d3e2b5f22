using Homelab.State;

namespace Homelab.UnitTests.State;

/// <summary>A state file in a folder of its own, which goes away with the test.</summary>
public sealed class StateFile : StateBed, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelab-state-").FullName;

    internal string FilePath => Path.Combine(_folder, "homelab.db");

    internal override string Place => FilePath;

    internal override async Task<StateStore> OpenAsync() => await SqliteStore.OpenAsync(FilePath, Time, TestContext.Current.CancellationToken);

    // Nobody here can know whether it does not.
    internal override string NameLiving() => "another-machine/1/1";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public override ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal override Database Connect() => SqliteDatabase.Open(FilePath, TimeSpan.FromSeconds(10));
}
