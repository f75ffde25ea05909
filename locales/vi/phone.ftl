# Chữ của các phần tương tác: đi cùng mỗi trang. Chỉ dùng biến đơn giản { $ten }, không chọn dạng số.

## Đèn
lamp-unlit = chưa sáng
lamp-begun = xong { $done }/{ $parts }
lamp-lit = đã sáng
lamps-lit = { $lit }/{ $total } đèn đã sáng
go-on = Học tiếp
go-on-first = Bắt đầu từ đây
go-on-all-lit = Cả xóm đèn đã sáng!
learn = Học
minutes = { $minutes } phút
get-certificate = Nhận giấy chứng nhận

## Nghe, cỡ chữ
listen = Nghe
listen-stop = Dừng
text-size = Cỡ chữ
text-size-normal = Vừa
text-size-large = To
text-size-largest = Rất to

## Câu hỏi
quiz-answer = Trả lời
quiz-right = Đúng rồi!
quiz-wrong = Chưa đúng. Vì sao?
quiz-again = Thử lại
quiz-another = Làm thêm câu khác
quiz-choose-first = Bạn chọn một ô trước nhé.
quiz-several = Chọn tất cả những ô đúng.
quiz-order = Bấm lần lượt: việc đầu tiên trước. Bấm lại để bỏ.
quiz-order-first = Bạn bấm hết các việc trước nhé.
quiz-step-taken = Thứ { $place }: { $step }
quiz-match = Chọn ô hợp với ô trên.
quiz-match-first = Bạn ghép hết các cặp trước nhé.
quiz-number = Trả lời bằng số
quiz-number-first = Bạn gõ một con số nhé.
quiz-text = Trả lời ngắn
quiz-text-first = Bạn gõ vài chữ nhé. Không dấu cũng được.

## Thực hành
simulation-mark = MÔ PHỎNG – KHÔNG PHẢI ỨNG DỤNG THẬT
practice-hint = Gợi ý
practice-again = Làm lại từ đầu
practice-once-more = Bạn đã tới đích. Làm lại một lần nữa, không cần gợi ý, để thắp đèn nhé.

## Cuối bài
end-lit = Đèn bài này đã sáng. Bạn làm được rồi!
end-not-yet = Gần xong rồi. Làm nốt những phần này để thắp đèn:
missing-practice = Phần thực hành
missing-question = Một câu hỏi
real-alone = Tôi tự làm được
real-helped = Tôi làm, có người giúp
real-not-yet = Tôi chưa làm
real-thanks = Cảm ơn bạn. Đã ghi vào máy.

## Dòng trạng thái
status-nothing-yet = Bài làm sẽ được giữ trong máy này.
status-here = { $count } việc đã ghi trong máy này
status-sent = Đã gửi hết ({ $count }/{ $count })
status-sending = Đang gửi…
status-waiting = { $count } việc chờ gửi ({ $size } KB)
status-offline = Chưa gửi được vì mạng yếu. { $count } việc ({ $size } KB) vẫn ở trong máy, sẽ tự gửi lại.
status-refused = { $count } việc vẫn ở trong máy, máy chủ chưa nhận ({ $code }). Sẽ tự gửi lại.
status-full = Máy hết chỗ trống nên chưa ghi được. Hãy xóa bớt ảnh hoặc ứng dụng, rồi làm lại bước vừa rồi.
status-unavailable = Cửa sổ này không cho ghi bài làm. Bạn vẫn học được; muốn giữ bài làm, hãy mở bằng trình duyệt thường.
status-unreadable = Không đọc được một phần bài làm trong máy. Dữ liệu vẫn còn nguyên; hãy nhờ đại sứ số xem giúp.
status-blocked = Một trang cũ đang mở ở tab khác nên chưa đọc được bài làm. Bạn đóng các tab khác của trang này nhé. Bài vẫn còn nguyên.
status-outdated = Trang này đã cũ. Bạn tải lại trang để học tiếp. Bài làm vẫn còn nguyên.
status-lost = Trình duyệt đã xóa bài làm trong máy này. Vào Của tôi để lấy lại.
work-none-waits = Không có việc nào chờ gửi.
work-received = Máy chủ đã nhận { $count } việc. Lần cuối lúc { $when }.
work-odd = { $count } việc được giữ riêng để người phụ trách xem. Không mất.
work-clock = Đồng hồ máy này đang sai. Bây giờ khoảng { $when }. Bài làm vẫn được ghi đủ, đúng thứ tự. Bạn chỉnh lại giờ trong Cài đặt nhé.
work-others = Những người khác dùng máy này còn { $count } việc chưa gửi.
work-damaged = { $count } phần không đọc được đã để riêng, phần còn lại vẫn dùng bình thường. Khi lưu vào tệp, phần hỏng cũng được giữ.

## Hồ sơ học
record-opening = Đang mở…
record-new = Giữ bài học của tôi
record-new-why = Đặt tên và mã PIN. Đổi máy vẫn còn bài, và nhận được giấy chứng nhận.
record-known-why = Hồ sơ của bạn đã có. Bạn đồng ý thì bài làm mới được gửi đi. Đổi máy vẫn còn bài.
record-name = Họ và tên
record-name-help = Viết như trên giấy tờ, có dấu.
record-pin = Mã PIN mới
record-pin-help = 4 đến 6 số, dễ nhớ với bạn, khó đoán với người khác.
record-pin-old = Mã PIN của bạn
record-agree = Tôi đồng ý cho gửi tên và bài làm của tôi lên máy chủ, chỉ để giữ bài học và cấp giấy chứng nhận. Tôi có thể dừng bất cứ lúc nào.
record-agree-first = Bạn đánh dấu vào ô đồng ý thì mới gửi được. Không đồng ý, bạn vẫn học bình thường.
record-new-button = Giữ bài học
record-open = Tôi đã có mã học viên
record-open-why = Nhập mã và PIN để lấy bài đã học về máy này.
record-open-button = Lấy bài về
record-code = Mã học viên
record-code-help = 12 số, trên tờ giấy bạn đã ghi.
record-keep-code = Ghi mã này ra giấy, cất nơi an toàn. Đổi máy thì cần mã này và mã PIN.
record-registered = Máy chủ đã giữ hồ sơ này.
record-merged = Bạn còn một hồ sơ khác, đã gộp với hồ sơ này. Đèn sáng gồm cả bài học ở đó. Nếu không phải của bạn, bạn báo đại sứ số hoặc xã.
record-waits = Chưa có mạng. Hồ sơ sẽ tự gửi khi có mạng.
record-stop = Ngừng gửi bài làm
record-stop-means = Từ lúc dừng, không có gì của bạn được gửi đi nữa. Bài trong máy vẫn còn. Muốn xóa phần đã gửi, gửi yêu cầu ở mục Dữ liệu của tôi, hoặc nói với đại sứ số, xã.
record-stop-button = Tôi muốn dừng
record-stop-sure = Dừng gửi ngay
name-missing = Bạn viết tên vào đây nhé.
name-too-long = Tên dài quá. Bạn viết không quá 60 chữ.
pin-length = Mã PIN có 4 đến 6 số.
pin-too-easy = Mã này dễ đoán quá. Bạn chọn mã khác nhé.
code-length = Mã học viên có đủ 12 số.
code-mistyped = Có một số bị gõ nhầm. Bạn xem lại mã nhé.
refused-unreachable = Chưa nối được mạng. Bạn thử lại khi có mạng nhé. Không mất gì cả.
refused-store = Máy này chưa ghi được. Hãy xem dòng cuối trang.
refused-wrong-code-or-pin = Mã hoặc PIN chưa đúng. Bạn xem lại nhé.
refused-too-many-tries = Thử sai nhiều lần. Bạn đợi { $minutes } phút rồi thử lại nhé.
refused-not-earned = Máy chủ chưa thấy đủ đèn sáng. Bạn mở khóa học, xem bài nào còn thiếu nhé.
refused-no-record = Bạn cần đặt tên và đồng ý gửi bài làm trước, ở trang Của tôi.
refused-update = Trang này đã cũ. Bạn tải lại trang nhé.
refused-other = Chưa làm được. Bạn thử lại sau nhé. (Chi tiết: { $code })

## Các máy có hồ sơ
devices = Các máy có hồ sơ này
devices-what = Mất máy? Gỡ hồ sơ khỏi máy đó ở đây. Bài đã gửi vẫn còn.
devices-show = Xem các máy
devices-this = { $label } (máy này)
devices-unnamed = Máy chưa rõ tên
devices-seen = Mở lần cuối lúc { $when }
devices-remove = Gỡ hồ sơ khỏi máy đó
devices-remove-means = Máy đó sẽ không mở được hồ sơ này nữa. Nhập mã PIN để gỡ.
devices-remove-sure = Gỡ ngay
devices-removed = Đã gỡ hồ sơ khỏi máy đó.
refused-device-not-linked = Máy đó không còn giữ hồ sơ này.

## Nhiều người một máy
people-unnamed = Chưa đặt tên
people-give = Cho người khác dùng máy
people-who = Ai học tiếp?
people-new = Người mới
people-last = học lần cuối { $when }
people-locked = có khóa
people-cancel = Thôi
people-forgot = Quên rồi? Bấm Thôi, chọn Người mới, rồi nhập mã học viên và mã PIN ở mục Hồ sơ học. Cần có mạng.
secret-pin = Mã PIN của { $name }
secret-pictures = { $name }: chọn 4 hình theo thứ tự
secret-open = Mở
secret-chosen = Đã chọn { $count }/4 hình
secret-wrong = Chưa đúng. Bạn thử lại nhé.
picture-house = Nhà
picture-fish = Cá
picture-tree = Cây
picture-boat = Thuyền
picture-sun = Mặt trời
picture-moon = Trăng
picture-star = Sao
picture-hat = Nón
picture-heart = Tim
lock-heading = Khóa hồ sơ
lock-means = Khóa để người nhà không mở nhầm hồ sơ của bạn. Đây không phải két sắt: người rành máy vẫn có thể xem được.
lock-by-pin = Khóa bằng mã PIN
lock-by-pictures = Khóa bằng 4 hình
lock-pictures = Chọn 4 hình theo thứ tự bạn dễ nhớ
lock-again = Nhập lại một lần nữa
lock-next = Tiếp
lock-differs = Hai lần chưa giống nhau. Bạn làm lại nhé.
lock-cannot = Trình duyệt này chưa khóa được hồ sơ. Hãy mở trang bằng địa chỉ có https.
lock-is-on = Hồ sơ đang có khóa. Đưa máy cho người khác rồi, phải nhập đúng mới mở lại được.
lock-remove = Bỏ khóa

## Thôi dùng máy, tệp đã lưu
leave-heading = Thôi dùng máy này
leave-means = Xóa tên, bài làm và đèn của bạn khỏi máy này. Phần máy chủ đã nhận vẫn còn. Có mã học viên và mã PIN thì lấy lại được.
leave-ask = Tôi muốn thôi dùng
leave-unsaved = Còn { $count } việc chỉ có trong máy này. Bạn gửi đi hoặc lưu vào tệp trước, để không mất gì.
leave-send = Gửi ngay
leave-sending = Đang gửi. Dòng cuối trang báo Đã gửi hết thì bạn bấm lại nút này.
leave-save = Lưu vào tệp
leave-saved = Đã lưu tệp { $name }. Mở thư mục Tải về, thấy tệp rồi thì xóa khỏi máy được.
leave-sure = Xóa khỏi máy này
file-heading = Mở tệp đã lưu
file-means = Lấy lại bài làm từ tệp hoc-bdhvs, lưu ở máy này hay máy khác. Mở nhiều lần cũng không sao.
file-open = Chọn tệp
file-locked = Đã lấy bài về. Hồ sơ này có khóa: bấm Cho người khác dùng máy, rồi chọn tên để mở.
file-unknown = Đây không phải tệp bài học. Bạn chọn tệp có tên bắt đầu bằng hoc-bdhvs nhé.
file-too-new = Tệp này do bản mới hơn lưu. Khi có mạng, bạn tải lại trang rồi mở lại. Tệp vẫn dùng được.
file-damaged = Tệp bị hỏng nên không lấy được. Bài trong máy vẫn nguyên. Còn tệp khác thì bạn thử tệp đó nhé.

## Bài làm bị trình duyệt xóa
lost-heading = Bài làm trong máy này không còn
lost-means = Máy đầy nên trình duyệt đã tự xóa. Phần đã gửi vẫn lấy lại được: nhập mã học viên và mã PIN ở mục Hồ sơ học, hoặc chọn tệp đã lưu.
lost-begin = Học lại từ đầu
taken-off-heading = Hồ sơ đã được gỡ khỏi máy này
taken-off-means = Hồ sơ đã được gỡ từ một máy khác, hoặc đã xóa theo yêu cầu của bạn. Nếu chỉ gỡ, bài đã gửi vẫn còn ở máy chủ: nhập mã học viên và mã PIN ở mục Hồ sơ học để dùng lại.

## Giấy chứng nhận
certificate-lamps = { $lit }/{ $needed } đèn đã sáng. Thắp đủ đèn thì nhận được giấy.
certificate-needs-name = Bạn đã thắp đủ đèn! Giấy cần có tên của bạn.
certificate-give-name = Đặt tên
certificate-earned = Bạn đã thắp đủ đèn!
certificate-asking = Đang nhận…
paper-title = Giấy chứng nhận hoàn thành khóa học
paper-given-to = Trao cho
paper-for = đã thắp sáng { $lessons } đèn của khóa học “{ $course }”
paper-day = Ngày { $day }
paper-qr = Quét để kiểm tra, không cần mạng
paper-legal = Kết quả học tập trên nền tảng, không thay thế xác nhận theo QĐ 757/QĐ-BKHCN.
paper-print = In giấy
paper-check = Kiểm tra giấy này

## Kiểm tra giấy
check-link = Đường dẫn trong mã QR
check-link-help = Quét mã QR trên giấy, hoặc dán đường dẫn vào đây.
check-button = Kiểm tra
check-good = Giấy thật
check-good-means = Giấy này do nơi cấp ký và chưa bị sửa.
check-unknown = Chưa xác định được
check-unknown-means = Giấy đọc được, nhưng trang này chưa biết chữ ký của nơi cấp. Hãy tải lại trang khi có mạng, rồi kiểm tra lại.
check-bad = Giấy không hợp lệ
check-bad-means = Nội dung bị hỏng hoặc đã bị sửa. Hãy quét lại cho rõ; vẫn vậy thì hỏi nơi cấp giấy.
fact-name = Họ và tên
fact-course = Khóa học
fact-lessons = Số bài
fact-day = Ngày cấp
fact-issuer = Nơi cấp
fact-rule = Quy tắc
fact-number = Số giấy
fact-key = Khóa ký

check-withdrawn = Giấy đã được rút
check-withdrawn-means = Chữ ký đúng, nhưng người có tên đã xin xóa hồ sơ. Giấy này không còn được tính.
check-not-asked = Chưa hỏi được giấy có bị rút hay không. Có mạng thì kiểm tra lại.

## Dữ liệu của tôi
data-mine = Dữ liệu của tôi: ai đã xem
data-show = Xem
data-looks = Ai đã xem hồ sơ
data-no-looks = Chưa có cán bộ nào mở hồ sơ của bạn.
data-looks-note = Khi tìm trong danh sách, cán bộ thấy tên; những lần đó không ghi theo từng người.
look-by-ambassador = Đại sứ số { $name }
look-by-place-admin = Cán bộ địa bàn { $name }
look-by-system-admin = Quản trị hệ thống { $name }
look-by = Cán bộ { $name }
look-seen = mở xem hồ sơ
look-changed = sửa thông tin
look-added = ghi bạn vào danh sách
look-pin = cấp mã PIN mới
look-given-out = lấy tệp dữ liệu của bạn
look-request = xử lý yêu cầu của bạn
look-other = làm việc khác với hồ sơ
data-requests = Yêu cầu của tôi
data-no-requests = Bạn chưa có yêu cầu nào.
data-received = đã nhận, trả lời trước { $until }
data-replied = đang làm, xong trước { $until }
data-done = đã xong
data-refused = bị từ chối
data-file = Muốn xem hết dữ liệu trong máy: lưu tệp ở mục Thôi dùng máy này.
data-ask = Bạn muốn xin gì?
data-correct-means = Viết chỗ sai và cách sửa đúng. Đại sứ số hoặc xã sẽ sửa.
data-restrict-means = Máy chủ vẫn giữ dữ liệu, nhưng chỉ người xử lý yêu cầu được xem.
data-delete-means = Xóa tên, bài học và giấy chứng nhận ở máy chủ và mọi máy. Không lấy lại được. Sẽ có người hỏi lại bạn trước khi xóa.
data-words = Lời nhắn, không bắt buộc
data-send = Gửi yêu cầu
data-asked = Đã nhận yêu cầu của bạn. Bạn được trả lời trong 2 ngày làm việc.
request-see = Xem dữ liệu
request-correct = Sửa dữ liệu
request-provide = Lấy dữ liệu ra tệp
request-withdraw = Rút đồng ý
request-restrict = Hạn chế xử lý
request-object = Phản đối xử lý
request-delete = Xóa dữ liệu
