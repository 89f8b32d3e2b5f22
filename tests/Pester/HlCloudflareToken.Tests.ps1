# Against a server of the test's own that gives Cloudflare's documented answers: the real one is nowhere but on the internet.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Peer.ps1"
    $script:folder = New-Folder
    $script:cloudflare = Open-Answer
    Set-Content "$folder/token" 'a1b2c3d4e5f6-a1b2c3d4e5f6'
    Set-Content "$folder/homelab.yaml" @"
apiVersion: homelab/v1
kind: Lab
metadata: { name: named }
access: { interactive: monitor }
providers:
  cloudflare: { token: "file:token", url: "$($cloudflare.Url)" }
"@
    $script:active = '{"result":{"id":"ed17574386854bf78a67040be0a770b0","status":"active","expires_on":"2031-01-01T00:00:00Z"},"success":true,"errors":[],"messages":[{"code":10000,"message":"This API Token is valid and active","type":null}]}'
}

AfterAll {
    Disconnect-Hl
    Close-Answer $cloudflare
    Remove-Item $folder -Recurse -Force
}

Describe 'Test-HlCloudflareToken' {
    BeforeEach {
        $cloudflare.Status = 200
        $cloudflare.Body = $active
        $cloudflare.Asked.Clear()
        $null = Connect-Hl "$folder/homelab.yaml"
    }

    It 'tells that the token is taken, and until when' {
        $token = Test-HlCloudflareToken
        $token | Should -BeOfType ([Homelab.CloudflareToken])
        $token.Valid | Should -BeTrue
        $token.Status | Should -Be 'Active'
        $token.ExpiresOn | Should -Be ([datetimeoffset] '2031-01-01T00:00:00Z')
        $cloudflare.Asked | Should -Be 'GET /user/tokens/verify Bearer a1b2c3d4e5f6-a1b2c3d4e5f6'
    }

    It 'tells that it is <what>, which is no error' -ForEach @(
        @{ what = 'refused'; http = 401; body = '{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}],"messages":[],"result":null}'; status = 'Refused'; reason = '*Invalid API Token*' }
        @{ what = 'disabled'; http = 200; body = '{"result":{"id":"a","status":"disabled"},"success":true,"errors":[],"messages":[{"code":10000,"message":"This API Token is disabled","type":null}]}'; status = 'Disabled'; reason = '*disabled*' }
    ) {
        $cloudflare.Status = $http
        $cloudflare.Body = $body
        $token = Test-HlCloudflareToken -ErrorAction Stop
        $token.Valid | Should -BeFalse
        $token.Status | Should -Be $status
        $token.Reason | Should -BeLike $reason
        Test-HlCloudflareToken -Quiet | Should -BeExactly $false
    }

    It 'is one true with -Quiet where it is taken' {
        Test-HlCloudflareToken -Quiet | Should -BeExactly $true
    }

    It 'says that it does not know: <what>' -ForEach @(
        @{ what = 'Cloudflare has trouble'; http = 502; body = '{}'; id = 'CloudflareUnreachable'; category = 'ResourceUnavailable' }
        @{ what = 'it was asked too often'; http = 429; body = '{}'; id = 'CloudflareBusy'; category = 'ResourceUnavailable' }
        @{ what = 'the answer is none of its own'; http = 200; body = 'hello'; id = 'CloudflareAnswerOdd'; category = 'InvalidResult' }
    ) {
        $cloudflare.Status = $http
        $cloudflare.Body = $body
        $caught = Get-Caught { Test-HlCloudflareToken }
        $caught.FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.TestHlCloudflareTokenCommand"
        $caught.CategoryInfo.Category | Should -Be $category
        $caught.TargetObject | Should -Be 'cloudflare'
        $caught.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        # What is not known is not good.
        Test-HlCloudflareToken -Quiet -ErrorAction SilentlyContinue | Should -Not -BeTrue
    }

    It 'does not show the token, neither under -Verbose nor -Debug' {
        $lines = Test-HlCloudflareToken -Verbose -Debug *>&1 | Out-String
        $lines | Should -Match 'GET .*/user/tokens/verify'
        $lines | Should -Not -Match 'a1b2c3d4e5f6'
    }

    It 'is a row that begins with the verdict' {
        ((Test-HlCloudflareToken | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Valid +Status +Until +Reason[\s\S]*yes +Active +2031-01-01'
    }

    It 'says that the lab file names no token' {
        Set-Content "$folder/none.yaml" "apiVersion: homelab/v1`nkind: Lab`nmetadata: { name: none }"
        $null = Connect-Hl "$folder/none.yaml"
        $caught = Get-Caught { Test-HlCloudflareToken }
        $caught.FullyQualifiedErrorId | Should -Be 'CloudflareNotConfigured,Homelab.PowerShell.TestHlCloudflareTokenCommand'
        $caught.ErrorDetails.RecommendedAction | Should -BeLike '*providers.cloudflare*'
    }
}
