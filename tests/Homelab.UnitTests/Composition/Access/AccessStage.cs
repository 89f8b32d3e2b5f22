using System.Reflection;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Tests;

namespace Homelab.UnitTests.Composition.Access;

/// <summary>A lab in a folder of its own, with its real gate and store, and a clock that is moved by hand.</summary>
internal sealed class AccessStage : IAsyncDisposable
{
    internal const string Lab = """
        apiVersion: homelab/v1
        kind: Lab
        metadata: { name: test }
        access: { interactive: manage, mcp: monitor, rest: operate, identities: { "mcp:maker": manage } }
        rest: { dashboard: { token: "file:dashboard.token" } }
        mcp: { clients: { robot: { secret: "file:robot.secret", level: operate, operations: [ "docker_*" ] }, chat: { redirects: [ "https://chat.test/back" ] } } }
        policy: { approval: { expiry: 5m, approvers: [ "cli:*", anna ] } }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-access-");

    internal ManualTime Time { get; } = new();

    internal HomelabRuntime Runtime { get; private set; } = null!;

    internal static Caller Person { get; } = new(Face.Interactive, "anna");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<AccessStage> OpenAsync(Func<IStateStore, IStateStore>? wrap = null)
    {
        var stage = new AccessStage();
        var path = stage.In("homelab.yaml");
        await File.WriteAllTextAsync(path, Lab, Cancellation);
        var file = new LabReader(ProviderList.Settings, static _ => null).Read(path);
        stage.Runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions { Time = stage.Time, WrapStore = wrap ?? (static s => s) }, Cancellation);
        return stage;
    }

    internal string In(string name) => Path.Combine(_folder.FullName, name);

    internal Task<GateOutcome> InvokeAsync(string operation, object input, Caller? caller = null, string? approval = null) =>
        Runtime.Gate.InvokeAsync(new GateRequest { Operation = operation, Input = input, Caller = caller ?? Person, Approval = approval }, Cancellation);

    internal async Task<T> DoneAsync<T>(string operation, object input, Caller? caller = null) => Assert.IsType<T>(Assert.IsType<GateOutcome.Done>(await InvokeAsync(operation, input, caller)).Result);

    internal async Task<HomelabException> FailAsync(string operation, object input, Caller? caller = null) =>
        await Assert.ThrowsAnyAsync<HomelabException>(() => InvokeAsync(operation, input, caller));

    internal Task<T[]> AskAsync<T>(string operation, object input) =>
        Runtime.Gate.QueryAsync(new GateRequest { Operation = operation, Input = input, Caller = Person }, Cancellation).Cast<T>().ToArrayAsync(Cancellation).AsTask();

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>The same store, but what is said of new keys is another's to decide.</summary>
    internal static IStateStore WithKeys(IStateStore store, Func<ApiKey, Func<Task<bool>>, Task<bool>> add)
    {
        var credentials = (Stand)(object)DispatchProxy.Create<ICredentialStore, Stand>();
        credentials.Call = (method, arguments) => method.Name == nameof(ICredentialStore.AddKeyAsync)
            ? add((ApiKey)arguments[0]!, () => (Task<bool>)method.Invoke(store.Credentials, arguments)!)
            : method.Invoke(store.Credentials, arguments);
        var whole = (Stand)(object)DispatchProxy.Create<IStateStore, Stand>();
        whole.Call = (method, arguments) => method.Name == $"get_{nameof(IStateStore.Credentials)}" ? credentials : method.Invoke(store, arguments);
        return (IStateStore)(object)whole;
    }

    // The runtime derives from it.
#pragma warning disable CA1852
    internal class Stand : DispatchProxy
    {
        internal Func<MethodInfo, object?[], object?> Call { get; set; } = static (_, _) => null;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Call(targetMethod!, args ?? []);
    }
}
