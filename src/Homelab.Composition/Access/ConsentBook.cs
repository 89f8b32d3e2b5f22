using System.Collections.Concurrent;

namespace Homelab.Composition.Access;

/// <summary>The consents that browsers ask for at this moment. What a person is asked is compared with it: nobody else can have a question put in a client's name.</summary>
public sealed class ConsentBook
{
    private readonly ConcurrentDictionary<string, AiClientConsent> _asked = new(StringComparer.Ordinal);

    /// <summary>A browser asks.</summary>
    public void Add(string request, AiClientConsent asked) => _asked[request] = asked;

    /// <summary>It does not any more.</summary>
    public void Remove(string request) => _asked.TryRemove(request, out _);

    internal AiClientConsent? Find(string request) => _asked.GetValueOrDefault(request);
}
