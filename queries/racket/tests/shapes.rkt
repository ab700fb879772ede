#lang racket
;; Shapes.
(require racket/list "util.rkt" (only-in "base.rkt" helper))
;;       ^ import
;;                    ^ import
;;                               ^ reference.call
;;                                        ^ import helper
(provide area (struct-out point))
;;       ^ export
;;             ^ reference.call
;;                        ^ export
(define limit 10)
;;      ^ definition.variable
(define (area shape) (let ([w (width shape)]) (* w (helper w))))
;;       ^ definition.function
;;                          ^ reference.call area
;;                             ^ reference.call area
;;                                             ^ reference.call area
;;                                                  ^ reference.call area
(define ((curried a) b) a)
;;        ^ definition.function
(struct point (x y) #:transparent)
 ;; <- reference.call point
;;      ^ definition.struct
;;             ^ definition.field point
;;               ^ definition.field point
(struct circle point (r))
 ;; <- reference.call circle
;;      ^ definition.struct
;;             ^ reference.class circle
;;                    ^ definition.field circle
(define-syntax-rule (unless* t b) (if t #f b))
 ;; <- reference.identifier unless*
;;                   ^ definition.macro
(define-syntax swap (lambda (x) x))
 ;; <- reference.identifier swap
;;             ^ definition.macro
;;                           ^ reference.call swap
(define/contract (checked x) (-> any/c any/c) (area x))
;;                ^ definition.function
;;                            ^ reference.call checked
;;                                             ^ reference.call checked
(module+ test (check-equal? (area 1) 2))
 ;; <- reference.call test
;;       ^ definition.module
;;             ^ reference.call test
;;                           ^ reference.call test
(class object% (define/public (draw) (area 1)))
 ;; <- reference.call
;;                             ^ definition.function
;;                                    ^ reference.call draw
