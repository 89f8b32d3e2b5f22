using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Homelab.Providers.Proxmox;

/// <summary>HTTP to one cluster: whichever node answers, by whatever credential; every failure becomes ours.</summary>
internal sealed class ProxmoxWire : IDisposable
{
    /// <summary>How long a call may take that should be answered at once.</summary>
    internal static readonly TimeSpan Prompt = TimeSpan.FromSeconds(30);

    private const int Unauthorized = 401;

    private readonly ProxmoxSettings _settings;
    private readonly ProviderContext _context;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _opening = new();
    private Session? _session;

    /// <summary>Connects to nothing; a mistake in the settings is told by the first call.</summary>
    internal ProxmoxWire(ProxmoxSettings settings, ProviderContext context)
    {
        _settings = settings;
        _context = context;
        Cluster = ProxmoxAddress.Show(settings.Url);
    }

    internal TimeProvider Time => _context.Time;

    /// <summary>Host and port of the first node, for messages.</summary>
    internal string Cluster { get; }

    /// <summary><c>user@realm</c> or <c>user@realm!token</c>, once known or given; never a secret.</summary>
    internal string? User => Volatile.Read(ref _session)?.Credential.User ?? _settings.TokenId ?? _settings.Login?.User;

    /// <summary>Reads the <c>data</c> of an answer.</summary>
    internal Task<T> GetAsync<T>(ProxmoxPath path, JsonTypeInfo<T> type, CancellationToken cancellationToken) => GetAsync(path, ProxmoxForm.Empty, type, Prompt, cancellationToken);

    /// <summary>Reads the <c>data</c> of an answer to a question with parameters.</summary>
    internal Task<T> GetAsync<T>(ProxmoxPath path, ProxmoxForm query, JsonTypeInfo<T> type, CancellationToken cancellationToken) => GetAsync(path, query, type, Prompt, cancellationToken);

    /// <summary>Reads what a node may think about for longer than <see cref="Prompt"/>.</summary>
    internal Task<T> GetAsync<T>(ProxmoxPath path, ProxmoxForm query, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellationToken) =>
        ReadAsync(new ProxmoxRequest(HttpMethod.Get, path.ToString(), query, timeout), type, cancellationToken);

    /// <summary>Changes something. The UPID of the task that it began, or null when it was done at once. POST and PUT send the form as body, DELETE as query.</summary>
    internal Task<string?> ChangeAsync(HttpMethod method, ProxmoxPath path, ProxmoxForm form, CancellationToken cancellationToken) => ChangeAsync(method, path, form, Prompt, cancellationToken);

    /// <summary>Changes what may take longer than <see cref="Prompt"/>.</summary>
    internal async Task<string?> ChangeAsync(HttpMethod method, ProxmoxPath path, ProxmoxForm form, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var request = new ProxmoxRequest(method, path.ToString(), form, timeout);
        var answer = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            return ProxmoxEnvelope.Text(answer.Body.Span);
        }
        catch (JsonException e)
        {
            throw Unreadable(request, answer, e);
        }
    }

    /// <summary>Changes something that answers with more than a UPID: the guest agent's commands.</summary>
    internal Task<T> PostAsync<T>(ProxmoxPath path, ProxmoxForm form, JsonTypeInfo<T> type, CancellationToken cancellationToken) => PostAsync(path, form, type, Prompt, cancellationToken);

    /// <summary>The same, of what may take longer than <see cref="Prompt"/>.</summary>
    internal Task<T> PostAsync<T>(ProxmoxPath path, ProxmoxForm form, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellationToken) =>
        ReadAsync(new ProxmoxRequest(HttpMethod.Post, path.ToString(), form, timeout), type, cancellationToken);

    public void Dispose()
    {
        _ending.Cancel();
        _session?.Nodes.Dispose();
        _ending.Dispose();
    }

    private async Task<T> ReadAsync<T>(ProxmoxRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            return ProxmoxEnvelope.Data(answer.Body.Span, type) ?? throw ProxmoxErrors.Unreadable(Cluster, request, "it holds no data", inner: null);
        }
        catch (JsonException e)
        {
            throw Unreadable(request, answer, e);
        }
    }

    private async Task<ProxmoxAnswer> AskAsync(ProxmoxRequest request, CancellationToken cancellationToken)
    {
        var session = Open();
        var pass = await session.Credential.PassAsync(cancellationToken).ConfigureAwait(false);
        var answer = await session.Nodes.SendAsync(request, pass, cancellationToken).ConfigureAwait(false);
        // Who is not let in has changed nothing: a write may be repeated as well.
        if (answer.Status == Unauthorized && await session.Credential.AnewAsync(pass, cancellationToken).ConfigureAwait(false) is { } fresh)
        {
            answer = await session.Nodes.SendAsync(request, fresh, cancellationToken).ConfigureAwait(false);
        }

        return answer.IsSuccess ? answer : throw ProxmoxErrors.Answered(Cluster, request, answer, session.Credential);
    }

    private HomelabException Unreadable(ProxmoxRequest request, ProxmoxAnswer answer, JsonException e)
    {
        var isPage = answer.MediaType == "text/html" || answer.Body.Span.TrimStart(" \t\r\n"u8).StartsWith("<"u8);
        var what = isPage ? "it is a web page" : answer.Body.IsEmpty ? "it is empty" : $"no JSON of the expected shape, at {e.Path ?? "its beginning"}";
        return ProxmoxErrors.Unreadable(Cluster, request, what, e);
    }

    private Session Open()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_ending.IsCancellationRequested, this);
            if (_session is { } open) return open;
            var nodes = new ProxmoxNodes(_settings, _context);
            try
            {
                return _session = new Session(nodes, ProxmoxCredential.Of(_settings, _context, nodes, _ending.Token));
            }
            catch
            {
                nodes.Dispose();
                throw;
            }
        }
    }

    private sealed record Session(ProxmoxNodes Nodes, ProxmoxCredential Credential);
}
